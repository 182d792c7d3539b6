# A build of two levels, in parallel, with the usual functions.
program make make

make_input() {
  mkdir sub
  cat >Makefile <<'MAKE'
parts := $(foreach n,$(shell seq 1 40),part$(n))
all: total sub ; @echo $(words $(parts)) parts, $(lastword $(sort $(parts))) $(patsubst part%,%,$(word 7,$(parts)))
$(parts): part%: ; @echo $* >$@
sub: total
total: $(parts) ; @cat $(sort $^) | wc -l >$@; cat $@
sub: ; @$(MAKE) --no-print-directory -C sub
fail: ; @exit 7
.PHONY: all sub fail
MAKE
  printf 'define line\n$(1) = $(2)\nendef\n$(eval $(call line,value,41))\nall: ; @echo $(value) $(MAKELEVEL)\n' >sub/Makefile
}

steps() {
  run build make -j2 --output-sync
  run again make -q total
  fails fail
  run fail make fail
  fails missing
  run missing make nowhere
}
