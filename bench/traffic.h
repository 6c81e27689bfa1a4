// Hits as the tracker sends them, as JSON: people in sessions of views, clicks and leaves, with the present time in their ids.
// A tenth of the people are there at a time, interleaved; a session has some twelve hits, three of ten leaves.
#pragma once
#include "base/buf.h"

typedef struct Traffic Traffic;

// key: of a browser. Ends the program where there is no memory.
Traffic *traffic_open(const char *key, size_t people, uint64_t seed);
void traffic_close(Traffic *traffic);
// Appends the body of a request with so many hits; gives how many of them become rows of their own, which leaves do not.
size_t traffic_body(Traffic *traffic, size_t hits, Buf *body);
