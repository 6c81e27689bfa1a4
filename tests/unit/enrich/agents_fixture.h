// User agents are opened once for each test of them.
#pragma once
#include "enrich/agents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static Agents *agents;
static Arena arena;

static int set_up(void **state)
{
	(void) state;
	Error error;
	arena_init(&arena, 1U << 20U);
	return agents_open(&agents, &error) ? 0 : 1;
}

static int tear_down(void **state)
{
	(void) state;
	agents_close(agents);
	arena_free(&arena);
	return 0;
}
