#include <sys/mman.h>
#include <ucontext.h>

static ucontext_t caller, coroutine;

static void recurse(void) {
  volatile char frame[1000];
  frame[0] = 1;
  recurse();
  frame[1] = 2;
}

int main(void) {
  char *stack = mmap(0, 69632, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  mprotect(stack, 4096, PROT_NONE);
  getcontext(&coroutine);
  coroutine.uc_stack.ss_sp = stack;
  coroutine.uc_stack.ss_size = 69632;
  coroutine.uc_link = &caller;
  makecontext(&coroutine, recurse, 0);
  return swapcontext(&caller, &coroutine);
}
