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
const char* fencepost_default_options(void);

/* The same for suppressions: the lines of a file of suppressions, which hold besides those of the option. */
const char* fencepost_default_suppressions(void);

/* The functions below exist where Fencepost is preloaded or linked in. They are declared weak, and the macros make a
 * call of one that is not there return 0: a program needs neither Fencepost nor a test for it.
 * Context: not in a signal handler. */

/* Looks at the whole heap now, rather than block by block as they are freed: reports every block beside which memory
 * was overwritten, and puts the pattern there back, so that each damage is told once. With fence=batch it also fences
 * what is freed but not fenced yet, and reports what was written there. The program goes on. Returns the number of
 * reports. */
int fencepost_check_all(void) __attribute__((weak));
#define fencepost_check_all() (fencepost_check_all ? fencepost_check_all() : 0)

/* 1 if Fencepost guards the blocks of this program, 0 if it is not there or has no engine to do it with. */
int fencepost_is_active(void) __attribute__((weak));
#define fencepost_is_active() (fencepost_is_active ? fencepost_is_active() : 0)

#ifdef __cplusplus
}
#endif

#endif
