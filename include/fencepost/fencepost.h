/* Fencepost's interface for C and C++ programs. Nothing in it has to be used: Fencepost guards unmodified programs. */
#ifndef FENCEPOST_FENCEPOST_H
#define FENCEPOST_FENCEPOST_H

#ifdef __cplusplus
extern "C" {
#endif

/* A program may define this to bring its own defaults: the text of FENCEPOST_OPTIONS (key=value:key=value),
 * which the environment variable then overrides, key by key. The text must live as long as the program.
 * Called once, before the first allocation is served and before any constructor has run: it may only return a
 * string literal. Preloaded, the library finds it if the program exports it (-rdynamic). */
const char *fencepost_default_options(void);

#ifdef __cplusplus
}
#endif

#endif
