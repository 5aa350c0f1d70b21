/* Further C stacks for Python 3.11, where the frame-evaluation hook makes recursion in Python take C stack. */
#ifndef SCOPE_STACK_H
#define SCOPE_STACK_H

#include <stdbool.h>

/* The address below which the calling thread's own stack is nearly used up; NULL when it cannot be told. */
char *scope_stack_limit(void);

/* Calls function(argument) on a fresh stack, and sets *limit to that stack's limit for as long as it runs. False, and nothing was
 * called, when there is no memory for one. */
bool scope_on_further_stack(char **limit, void (*function)(void *), void *argument);

#endif
