/* Memory that is missing ends the program, by an error of its own: nothing here is worth going on without. */
#ifndef MEMORY_H
#define MEMORY_H

_Noreturn void memory_short(void);

#endif
