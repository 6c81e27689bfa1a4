// For tests: lets the connection to the database break at an exact call. The room asks here before and after each call that
// goes over the wire; switched off it costs one relaxed load.
#pragma once
#include "pg/conn.h"

typedef enum PgCut {
	PG_CUT_BEFORE, // the call never reaches the server
	PG_CUT_AFTER   // the server does it, and its answer is lost
} PgCut;

// The n-th call from now, on any connection of the process, finds the connection cut; 0 switches it off. Gives how many of
// the calls asked for last were still to come, 0 where the cut was made.
size_t pg_cut_at(PgCut cut, size_t nth);

// Cuts where it is time. pg_cut_after gives whether it has: then the call's answer must be taken for lost.
void pg_cut_before(PgConn *conn);
bool pg_cut_after(PgConn *conn);
