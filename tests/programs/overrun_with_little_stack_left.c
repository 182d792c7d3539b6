#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>

static char *lowest, *block;

static int overrun(void) {
  char here;
  if (&here - lowest < 600) return block[16];
  return overrun() + 1;
}

static void *run(void *unused) { return (void *)(long)overrun(); }

int main(void) {
  pthread_t thread;
  pthread_attr_t attributes;
  block = malloc(16);
  lowest = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  pthread_attr_init(&attributes);
  pthread_attr_setstack(&attributes, lowest, 65536);
  pthread_create(&thread, &attributes, run, NULL);
  return pthread_join(thread, NULL);
}
