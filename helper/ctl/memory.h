/* Memory that is missing ends the program, by an error of its own: nothing here is worth going on without. */
#ifndef MEMORY_H
#define MEMORY_H

/* Not _Noreturn: cppcheck 2.17 knows this spelling alone. */
__attribute__((noreturn)) void memory_short(void);

#endif
