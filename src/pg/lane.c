#include "pg/lane.h"

#include "base/memory.h"
#include "pg/internal.h"

#include <pthread.h>

#define STEPS_MAX 64 // that are on their way, of some 64 KiB each

typedef struct Step {
	PgLaneRun run;
	const char *sql;
	Buf buf;
} Step;

struct PgLane {
	PgConn *conn;
	pthread_t thread;
	pthread_mutex_t lock;  // of everything below; a step that is on its way is the thread's
	pthread_cond_t is_put; // or closed
	pthread_cond_t is_run;
	Step steps[STEPS_MAX]; // a ring; those that are free keep their memory
	size_t put;            // so many ever
	size_t run;
	bool is_failed;
	bool is_closed;
	Error error;
};

static Step *step_take(PgLane *lane)
{
	(void) pthread_mutex_lock(&lane->lock);
	while (lane->run == lane->put && !lane->is_closed)
		(void) pthread_cond_wait(&lane->is_put, &lane->lock);
	Step *step = lane->run == lane->put ? NULL : &lane->steps[lane->run % STEPS_MAX];
	(void) pthread_mutex_unlock(&lane->lock);
	return step;
}

static void step_end(PgLane *lane)
{
	(void) pthread_mutex_lock(&lane->lock);
	lane->run++;
	(void) pthread_cond_signal(&lane->is_run);
	(void) pthread_mutex_unlock(&lane->lock);
}

// Who puts and waits reads is_failed only when nothing is left to run.
static void *lane_run(void *context)
{
	PgLane *lane = context;
	for (Step *step = step_take(lane); step != NULL; step = step_take(lane))
	{
		if (!lane->is_failed)
			lane->is_failed = !step->run(lane->conn, step->sql, buf_slice(&step->buf), &lane->error);
		step_end(lane);
	}
	return NULL;
}

bool pg_lane_open(PgConn *conn, Error *error)
{
	if (conn->lane != NULL)
		return true;
	PgLane *lane = memory_allocate_zeroed(1, sizeof *lane);
	if (lane == NULL)
		return error_set(error, ERROR_MEMORY, "out of memory for sending rows to the database");
	lane->conn = conn;
	(void) pthread_mutex_init(&lane->lock, NULL);
	(void) pthread_cond_init(&lane->is_put, NULL);
	(void) pthread_cond_init(&lane->is_run, NULL);
	if (pthread_create(&lane->thread, NULL, lane_run, lane) != 0)
	{
		memory_free(lane);
		return error_set_errno(error, ERROR_SYSTEM, "cannot start a thread for sending rows to the database");
	}
	conn->lane = lane;
	return true;
}

// The memory of a step that is run for what goes along with the next.
static void buf_swap(Buf *free_buf, Buf *buf)
{
	Buf other = *free_buf;
	*free_buf = *buf;
	if (other.capacity > buf->size_max)
		buf_free(&other);
	other.size_max = buf->size_max;
	buf_reset(&other);
	*buf = other;
}

void pg_lane_put(PgConn *conn, PgLaneRun run, const char *sql, Buf *buf)
{
	PgLane *lane = conn->lane;
	(void) pthread_mutex_lock(&lane->lock);
	while (lane->put - lane->run == STEPS_MAX)
		(void) pthread_cond_wait(&lane->is_run, &lane->lock);
	Step *step = &lane->steps[lane->put++ % STEPS_MAX];
	step->run = run;
	step->sql = sql;
	if (buf != NULL)
		buf_swap(&step->buf, buf);
	else
		buf_reset(&step->buf);
	(void) pthread_cond_signal(&lane->is_put);
	(void) pthread_mutex_unlock(&lane->lock);
}

bool pg_lane_wait(PgConn *conn, Error *error)
{
	PgLane *lane = conn->lane;
	if (lane == NULL)
		return true;
	(void) pthread_mutex_lock(&lane->lock);
	while (lane->run != lane->put)
		(void) pthread_cond_wait(&lane->is_run, &lane->lock);
	bool is_ok = !lane->is_failed;
	lane->is_failed = false;
	(void) pthread_mutex_unlock(&lane->lock);
	if (!is_ok && error != NULL)
		*error = lane->error;
	return is_ok;
}

void pg_lane_clear(PgConn *conn)
{
	bool is_ok = pg_lane_wait(conn, NULL);
	(void) is_ok;
}

bool pg_lane_is_busy(const PgConn *conn)
{
	PgLane *lane = conn->lane;
	if (lane == NULL)
		return false;
	(void) pthread_mutex_lock(&lane->lock);
	bool is_busy = lane->run != lane->put;
	(void) pthread_mutex_unlock(&lane->lock);
	return is_busy;
}

void pg_lane_close(PgConn *conn)
{
	PgLane *lane = conn->lane;
	if (lane == NULL)
		return;
	(void) pthread_mutex_lock(&lane->lock);
	lane->is_closed = true;
	(void) pthread_cond_signal(&lane->is_put);
	(void) pthread_mutex_unlock(&lane->lock);
	(void) pthread_join(lane->thread, NULL);
	(void) pthread_cond_destroy(&lane->is_run);
	(void) pthread_cond_destroy(&lane->is_put);
	(void) pthread_mutex_destroy(&lane->lock);
	for (size_t at = 0; at < STEPS_MAX; at++)
		buf_free(&lane->steps[at].buf);
	memory_free(lane);
	conn->lane = NULL;
}
