// Rules that name pages: what a page is called that does not say so itself.
//
// A file of lines "GLOB  NAME"; the first glob that matches counts. A glob that begins with '/' is one of the path, any other
// one of host and path: "shop.example.org/cart*". '*' stands for anything, also '/', '?' for any one character; letters count
// the same in either case, and a host the same with "www." as without. Empty lines, and lines that begin with '#', do not count.
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

#define CATEGORY_RULES_MAX 2000
#define CATEGORY_FILE_SIZE_MAX ((size_t) 256 * 1024)

typedef struct CategoryRule {
	Slice host; // glob; empty: any
	Slice path; // glob
	Slice name;
	unsigned line;
} CategoryRule;

typedef struct Categories {
	const char *path; // of the file
	const CategoryRule *rules;
	size_t count;
} Categories;

// Rules and texts live in the arena, which needs room for the file and 64 bytes a line. An empty path: no rules.
// ERROR_BAD_INPUT names file and line.
bool categories_open(const char *path, Arena *arena, Categories *categories, Error *error) MUST_USE;
// The first that matches; NULL where none does.
const CategoryRule *categories_find(const Categories *categories, Slice host, Slice path);
