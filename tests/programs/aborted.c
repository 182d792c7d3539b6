#include <stdlib.h>

/* Nothing of the heap's: the program ends itself, and dies as it would without Fencepost. */
int main(void) { abort(); }
