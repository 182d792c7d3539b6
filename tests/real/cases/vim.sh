# A file edited by a script, in silent mode.
program vim vim

make_input() {
  seq 1 3000 | sed 's/$/ some text to edit, (with) brackets/' >text
  cat >edit.vim <<'VIM'
%s/\v(\d+) some (\w+)/\2 \1/
g/7 to/m0
100,200d
normal ggyG
put
let words = {}
for line in getline(1, '$') | let words[matchstr(line, '\d\+')] = len(line) | endfor
call append(0, string(len(words)) . ' ' . join(sort(keys(words))[0:5], ','))
undo
redo
%!sort -r
w! edited
verbose echo len(getline(1, '$'))
qa!
VIM
}

steps() {
  run edit vim -es -u NONE -i NONE -S edit.vim text
  check edited sha256sum edited
  fails quit
  run quit vim -es -u NONE -i NONE -c 'cquit 3' text
}
