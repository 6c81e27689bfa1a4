#include "pg/environment.h"

#include "pg/internal.h"

#include <string.h>

#define VARIABLES_MAX 64 // libpq knows fewer
#define OPTIONS_NAME "PGOPTIONS"

typedef struct Variables {
	Arena *arena;
	char **items;
	size_t count;
	bool is_failed;
} Variables;

static void variable_add(Variables *variables, const char *name, const char *value, const char *rest)
{
	Slice text = arena_format(variables->arena, "%s=%s%s", name, value, rest);
	char *copy = text.data == NULL ? NULL : arena_allocate(variables->arena, text.size + 1);
	if (copy == NULL)
	{
		variables->is_failed = true;
		return;
	}
	memcpy(copy, text.data, text.size + 1);
	variables->items[variables->count++] = copy;
}

static bool has_name(const Variables *variables, size_t count, const char *variable)
{
	size_t size = strcspn(variable, "=") + 1;
	for (size_t i = 0; i < count; i++)
		if (strncmp(variables->items[i], variable, size) == 0)
			return true;
	return false;
}

bool pg_environment(const char *dsn, const char *schema, char *const *environment, Arena *arena, char ***result,
	Error *error)
{
	size_t outer = 0;
	const char *own_options = "";
	while (environment[outer] != NULL)
		outer++;
	Variables variables = {.arena = arena, .items = ARENA_ARRAY(arena, char *, outer + VARIABLES_MAX + 1)};
	PQconninfoOption *options = PQconninfoParse(dsn, NULL);
	if (options == NULL || variables.items == NULL)
	{
		PQconninfoFree(options);
		return error_set(error, ERROR_BAD_INPUT, "the database's connection string cannot be read");
	}
	for (const PQconninfoOption *option = options; option->keyword != NULL; option++)
	{
		if (option->val == NULL || option->envvar == NULL)
			continue;
		if (strcmp(option->envvar, OPTIONS_NAME) == 0)
			own_options = option->val;
		else if (variables.count < VARIABLES_MAX - 1)
			variable_add(&variables, option->envvar, option->val, "");
	}
	Slice path = arena_format(arena, " -csearch_path=%s,public", schema);
	variable_add(&variables, OPTIONS_NAME, own_options, path.data == NULL ? "" : path.data);
	PQconninfoFree(options);
	size_t own = variables.count;
	for (size_t i = 0; i < outer; i++)
		if (!has_name(&variables, own, environment[i]))
			variables.items[variables.count++] = environment[i];
	*result = variables.items;
	return !variables.is_failed || error_set(error, ERROR_MEMORY, "out of memory for an environment");
}
