#include "api/pool.h"

#include "base/memory.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

// A job runs several statements, and between two of them there is nothing to cancel: so it is asked again.
#define CANCEL_AGAIN_NS 50000000L
#define SECOND_NS 1000000000L

typedef struct PoolThread {
	ApiPool *pool;
	pthread_t thread;
	ApiWorker worker;
	pthread_cond_t has_jobs;
	bool is_idle;       // it waits, and was not told of a job
	ApiJob *job;        // that it runs
	bool is_cancelled;  // the job is
	bool is_cancelling; // the canceller is at it, so the connection must not go on to the next job
} PoolThread;

typedef struct JobList {
	ApiJob *first;
	ApiJob *last;
} JobList;

struct ApiPool {
	pthread_mutex_t lock; // of everything below
	pthread_cond_t has_cancelled;
	pthread_cond_t is_cancelled; // a cancelling is over
	JobList waiting;
	JobList finished;
	int waiting_count;
	int waiting_max;
	Metric *waiting_metric;
	bool is_closed;
	int finished_fd; // an eventfd: the loop is to look
	pthread_t canceller;
	bool has_canceller;
	int thread_count;
	PoolThread threads[];
};

static void list_append(JobList *list, ApiJob *job)
{
	job->next = NULL;
	if (list->last == NULL)
		list->first = job;
	else
		list->last->next = job;
	list->last = job;
}

static ApiJob *list_take(JobList *list)
{
	ApiJob *job = list->first;
	if (job == NULL)
		return NULL;
	list->first = job->next;
	if (list->first == NULL)
		list->last = NULL;
	return job;
}

static void list_remove(JobList *list, const ApiJob *job)
{
	ApiJob *previous = NULL;
	for (ApiJob *at = list->first; at != job; at = at->next)
		previous = at;
	if (previous == NULL)
		list->first = job->next;
	else
		previous->next = job->next;
	if (list->last == job)
		list->last = previous;
}

// Under the lock, as all below that take or give a job.
static void waiting_add(ApiPool *pool, int count)
{
	pool->waiting_count += count;
	if (pool->waiting_metric != NULL)
		metric_set(pool->waiting_metric, pool->waiting_count);
}

static void finish(ApiPool *pool, ApiJob *job)
{
	list_append(&pool->finished, job);
	(void) eventfd_write(pool->finished_fd, 1);
}

// ── Threads ──

// NULL where the pool is closed.
static ApiJob *job_wait(PoolThread *thread)
{
	ApiPool *pool = thread->pool;
	while (pool->waiting.first == NULL && !pool->is_closed)
	{
		thread->is_idle = true;
		(void) pthread_cond_wait(&thread->has_jobs, &pool->lock);
	}
	thread->is_idle = false;
	if (pool->is_closed)
		return NULL;
	thread->job = list_take(&pool->waiting);
	thread->job->is_waiting = false;
	waiting_add(pool, -1);
	return thread->job;
}

static void job_end(PoolThread *thread)
{
	ApiPool *pool = thread->pool;
	thread->is_cancelled = false;
	while (thread->is_cancelling)
		(void) pthread_cond_wait(&pool->is_cancelled, &pool->lock);
	finish(pool, thread->job);
	thread->job = NULL;
}

// Whoever sees that a job has ended finds its thread idle, or with another one.
static void *thread_run(void *context)
{
	PoolThread *thread = context;
	pthread_mutex_t *lock = &thread->pool->lock;
	(void) pthread_mutex_lock(lock);
	for (ApiJob *job = job_wait(thread); job != NULL; job = job_wait(thread))
	{
		(void) pthread_mutex_unlock(lock);
		job->run(job, &thread->worker);
		(void) pthread_mutex_lock(lock);
		job_end(thread);
	}
	(void) pthread_mutex_unlock(lock);
	return NULL;
}

// Asking the server means connecting to it, which may take long: so this has a thread of its own.
static bool cancel_all(ApiPool *pool)
{
	bool has_cancelled = false;
	for (int i = 0; i < pool->thread_count; i++)
	{
		PoolThread *thread = &pool->threads[i];
		if (!thread->is_cancelled)
			continue;
		has_cancelled = true;
		thread->is_cancelling = true;
		(void) pthread_mutex_unlock(&pool->lock);
		api_database_cancel(&thread->worker.database);
		(void) pthread_mutex_lock(&pool->lock);
		thread->is_cancelling = false;
		(void) pthread_cond_broadcast(&pool->is_cancelled);
	}
	return has_cancelled;
}

static bool has_jobs(const ApiPool *pool)
{
	for (int i = 0; i < pool->thread_count; i++)
		if (pool->threads[i].job != NULL)
			return true;
	return false;
}

static void *canceller_run(void *context)
{
	ApiPool *pool = context;
	(void) pthread_mutex_lock(&pool->lock);
	while (!pool->is_closed || has_jobs(pool))
	{
		struct timespec until;
		(void) clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += CANCEL_AGAIN_NS;
		until.tv_sec += until.tv_nsec / SECOND_NS;
		until.tv_nsec %= SECOND_NS;
		if (cancel_all(pool))
			(void) pthread_cond_timedwait(&pool->has_cancelled, &pool->lock, &until);
		else
			(void) pthread_cond_wait(&pool->has_cancelled, &pool->lock);
	}
	(void) pthread_mutex_unlock(&pool->lock);
	return NULL;
}

// ── On the loop ──

static ApiJob *finished_take(ApiPool *pool)
{
	(void) pthread_mutex_lock(&pool->lock);
	ApiJob *job = list_take(&pool->finished);
	(void) pthread_mutex_unlock(&pool->lock);
	return job;
}

static void on_finished(void *context)
{
	ApiPool *pool = context;
	eventfd_t count = 0;
	(void) eventfd_read(pool->finished_fd, &count);
	for (ApiJob *job = finished_take(pool); job != NULL; job = finished_take(pool))
		job->done(job, false);
}

// The first that is idle: so whoever asks one thing after another has the same connection, which knows the tables and the statements.
static void thread_tell(ApiPool *pool)
{
	for (int i = 0; i < pool->thread_count; i++)
		if (pool->threads[i].is_idle)
		{
			pool->threads[i].is_idle = false;
			(void) pthread_cond_signal(&pool->threads[i].has_jobs);
			return;
		}
}

bool api_pool_submit(ApiPool *pool, ApiJob *job, Error *error)
{
	(void) pthread_mutex_lock(&pool->lock);
	bool has_room = pool->waiting_count < pool->waiting_max;
	if (has_room)
	{
		job->is_waiting = true;
		waiting_add(pool, 1);
		list_append(&pool->waiting, job);
		thread_tell(pool);
	}
	(void) pthread_mutex_unlock(&pool->lock);
	return has_room
		|| error_set(error, ERROR_BUSY, "too many requests are waiting for the database; try again a little later");
}

void api_pool_cancel(ApiPool *pool, ApiJob *job)
{
	(void) pthread_mutex_lock(&pool->lock);
	if (job->is_waiting)
	{
		list_remove(&pool->waiting, job);
		waiting_add(pool, -1);
		job->is_waiting = false;
		finish(pool, job);
	}
	for (int i = 0; i < pool->thread_count; i++)
		if (pool->threads[i].job == job)
			pool->threads[i].is_cancelled = true;
	(void) pthread_cond_signal(&pool->has_cancelled);
	(void) pthread_mutex_unlock(&pool->lock);
}

// ── Opening and closing ──

static bool threads_start(ApiPool *pool, const ApiPoolOptions *options, Error *error)
{
	pool->has_canceller = pthread_create(&pool->canceller, NULL, canceller_run, pool) == 0;
	if (!pool->has_canceller)
		return error_set_errno(error, ERROR_SYSTEM, "cannot start a thread for requests");
	for (int i = 0; i < options->threads; i++)
	{
		PoolThread *thread = &pool->threads[i];
		*thread = (PoolThread){.pool = pool};
		(void) pthread_cond_init(&thread->has_jobs, NULL);
		api_database_init(&thread->worker.database, &options->database);
		report_zones_init(&thread->worker.zones);
		(void) pthread_mutex_lock(&pool->lock);
		bool is_started = pthread_create(&thread->thread, NULL, thread_run, thread) == 0;
		pool->thread_count += is_started ? 1 : 0;
		(void) pthread_mutex_unlock(&pool->lock);
		if (!is_started)
			return error_set_errno(error, ERROR_SYSTEM, "cannot start a thread for requests");
	}
	return true;
}

static bool pool_start(ApiPool *pool, const ApiPoolOptions *options, HttpLoop *loop, Error *error)
{
	pool->finished_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (pool->finished_fd < 0)
		return error_set_errno(error, ERROR_SYSTEM, "cannot make an event descriptor");
	return http_loop_add_reader(loop, pool->finished_fd, on_finished, pool, error)
		&& threads_start(pool, options, error);
}

bool api_pool_open(const ApiPoolOptions *options, HttpLoop *loop, ApiPool **result, Error *error)
{
	ApiPool *pool = memory_allocate_zeroed(1, sizeof *pool + (size_t) options->threads * sizeof pool->threads[0]);
	if (pool == NULL)
		return error_set(error, ERROR_MEMORY, "out of memory for the threads that answer requests");
	(void) pthread_mutex_init(&pool->lock, NULL);
	(void) pthread_cond_init(&pool->has_cancelled, NULL);
	(void) pthread_cond_init(&pool->is_cancelled, NULL);
	pool->waiting_max = options->waiting_max;
	pool->waiting_metric = options->waiting;
	waiting_add(pool, 0);
	*result = pool;
	if (pool_start(pool, options, loop, error))
		return true;
	api_pool_close(pool);
	*result = NULL;
	return false;
}

static void threads_stop(ApiPool *pool)
{
	(void) pthread_mutex_lock(&pool->lock);
	pool->is_closed = true;
	for (int i = 0; i < pool->thread_count; i++)
	{
		pool->threads[i].is_cancelled = pool->threads[i].job != NULL;
		(void) pthread_cond_signal(&pool->threads[i].has_jobs);
	}
	(void) pthread_cond_broadcast(&pool->has_cancelled);
	(void) pthread_mutex_unlock(&pool->lock);
	for (int i = 0; i < pool->thread_count; i++)
	{
		(void) pthread_join(pool->threads[i].thread, NULL);
		api_database_free(&pool->threads[i].worker.database);
		report_zones_free(&pool->threads[i].worker.zones);
		(void) pthread_cond_destroy(&pool->threads[i].has_jobs);
	}
	(void) pthread_mutex_lock(&pool->lock);
	(void) pthread_cond_broadcast(&pool->has_cancelled);
	(void) pthread_mutex_unlock(&pool->lock);
	(void) pthread_join(pool->canceller, NULL);
}

void api_pool_close(ApiPool *pool)
{
	if (pool == NULL)
		return;
	if (pool->has_canceller)
		threads_stop(pool);
	for (ApiJob *job = list_take(&pool->waiting); job != NULL; job = list_take(&pool->waiting))
		job->done(job, true);
	for (ApiJob *job = list_take(&pool->finished); job != NULL; job = list_take(&pool->finished))
		job->done(job, true);
	if (pool->finished_fd > 0)
		(void) close(pool->finished_fd);
	(void) pthread_cond_destroy(&pool->is_cancelled);
	(void) pthread_cond_destroy(&pool->has_cancelled);
	(void) pthread_mutex_destroy(&pool->lock);
	memory_free(pool);
}
