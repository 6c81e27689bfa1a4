// Country and region of an address, from a MaxMind-format file: GeoLite2 and GeoIP2 (City and Country), DB-IP, IPinfo, and
// others of their shape. The only file that names libmaxminddb.
//
// The file is mapped, so a new one takes its place by a rename (as geoipupdate and mv do), never by writing into it.
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/address.h"

typedef struct Geo Geo;

bool geo_open(const char *path, Geo **geo, Error *error) MUST_USE;
void geo_close(Geo *geo); // NULL is fine

// *country is an ISO 3166-1 code of two letters, *region an ISO 3166-2 code ("DE-BY"), or the English name where the file has
// no code; SLICE_NONE where the file does not know, or the arena is full. Both in the arena.
void geo_find(const Geo *geo, const Address *address, Arena *arena, Slice *country, Slice *region);
