#include "service/probe.h"

#include "base/slice.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define HOST_SIZE 256
#define REQUEST_SIZE 512
#define ANSWER_SIZE 64

// http://host:port or http://[host]:port
static bool url_split(const char *url, char host[HOST_SIZE], char port[8])
{
	Slice rest = slice_from(url);
	if (!slice_starts_with(rest, SLICE_LITERAL("http://")))
		return false;
	rest = slice_sub(rest, 7, rest.size);
	size_t colon = rest.size;
	while (colon > 0 && rest.data[colon - 1] != ':')
		colon--;
	if (colon == 0)
		return false;
	Slice name = slice_sub(rest, 0, colon - 1);
	if (name.size > 1 && name.data[0] == '[')
		name = slice_sub(name, 1, name.size - 1);
	return snprintf(host, HOST_SIZE, "%.*s", SLICE_PRINT(name)) < HOST_SIZE
		&& snprintf(port, 8, "%s", rest.data + colon) < 8;
}

static int connect_to(const char *host, const char *port, int64_t timeout_ms)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
	struct addrinfo *found = NULL;
	if (getaddrinfo(host, port, &hints, &found) != 0)
		return -1;
	int fd = socket(found->ai_family, found->ai_socktype | SOCK_CLOEXEC, found->ai_protocol);
	const struct timeval timeout = {.tv_sec = timeout_ms / 1000, .tv_usec = timeout_ms % 1000 * 1000};
	if (fd >= 0
		&& (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) != 0
			|| setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout) != 0 // also bounds connect
			|| connect(fd, found->ai_addr, found->ai_addrlen) != 0))
	{
		(void) close(fd);
		fd = -1;
	}
	freeaddrinfo(found);
	return fd;
}

bool probe_health(const char *url, int64_t timeout_ms, Error *error)
{
	char host[HOST_SIZE];
	char port[8];
	char request[REQUEST_SIZE];
	char answer[ANSWER_SIZE] = "";
	if (!url_split(url, host, port))
		return error_set(error, ERROR_BAD_INPUT, "\"%s\" is no address to ask", url);
	int fd = connect_to(host, port, timeout_ms);
	if (fd < 0)
		return error_set(error, ERROR_SYSTEM, "%s does not answer", url);
	int size =
		snprintf(request, sizeof request, "GET /healthz HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", host);
	ssize_t got =
		send(fd, request, (size_t) size, MSG_NOSIGNAL) == size ? recv(fd, answer, sizeof answer - 1, MSG_WAITALL) : -1;
	(void) close(fd);
	answer[got > 0 ? got : 0] = '\0';
	return strncmp(answer, "HTTP/1.1 200 ", 13) == 0
		|| error_set(error, ERROR_SYSTEM, got > 0 ? "%s/healthz answers that it is not well" : "%s does not answer",
			url);
}
