#include "fill.h"

/// One too far.
void fill(int* table, int n) {
	for (int i = 0; i <= n; ++i) {
		/* naïve */ table[i] = 0;
	}
}
