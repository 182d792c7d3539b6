# Smaller tools, each with a habit of its own: a calculator, a macro processor, a pager, a file classifier.
program bc bc
program m4 m4
program less less
program file file
program gcc gcc

make_input() {
  cat >sums.bc <<'BC'
scale = 60
4 * a(1)
define f(n) { if (n < 2) return (1); return (n * f(n - 1)); }
f(200)
2 ^ 2000 % 10 ^ 30
1 / 0
BC
  cat >macros.m4 <<'M4'
define(`repeat', `ifelse($1, 0, `', `$2`'repeat(decr($1), `$2')')')dnl
repeat(300, `ab')
define(`sum', `ifelse($#, 1, $1, `eval($1 + sum(shift($@)))')')dnl
sum(1, 2, 3, 4, 5, 6, 7, 8, 9)
esyscmd(`echo from a child')dnl
translit(`abc', `a-z', `b-za')
len(format(`%08d', 42)) patsubst(`fence post', `\(\w+\) \(\w+\)', `\2 \1')
M4
  seq 1 20000 >text
  echo 'int main(void) { return 0; }' >main.c
  gcc main.c -o program
  gzip -nk text
}

steps() {
  run bc bc -lq sums.bc
  run m4 m4 macros.m4
  run less less text
  run file file text text.gz program main.c sums.bc absent
}
