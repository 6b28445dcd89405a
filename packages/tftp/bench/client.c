// A small TFTP read client for the benchmark: many transfers in one thread, losses and bad manners on request.
//
//   client HOST PORT FILE BLKSIZE WINDOW CLIENTS LOSS_PERMILLE ACK_ALL
//
// ACK_ALL 1 acknowledges every block that is out of order, as EDK2 does. Prints one line of JSON.
#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { RETRY_MS = 1000, GIVE_UP = 8, PACKET = 65536 };

struct transfer {
  int fd;
  int connected, done, failed, gap_told;
  uint32_t received, acked; // absolute block numbers
  int blksize, window;
  int tries;
  double sent_at;
  int last_len;
  unsigned char last[600];
};

static struct sockaddr_in server;
static int ack_all, loss_permille, running;
static uint64_t bytes, datagrams, losses, blocks;
static uint32_t seed = 1;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static int lost(void) {
  if (loss_permille == 0) return 0;
  seed = seed * 1664525u + 1013904223u;
  return (seed >> 8) % 1000 < (uint32_t)loss_permille;
}

static void put(struct transfer *t) {
  t->sent_at = now();
  if (t->connected) send(t->fd, t->last, t->last_len, 0);
  else sendto(t->fd, t->last, t->last_len, 0, (struct sockaddr *)&server, sizeof server);
}

static void ack(struct transfer *t) {
  t->last[0] = 0, t->last[1] = 4, t->last[2] = t->received >> 8, t->last[3] = t->received;
  t->last_len = 4;
  t->acked = t->received;
  put(t);
}

static void finish(struct transfer *t, int failed) {
  t->done = 1, t->failed = failed;
  running--;
  close(t->fd);
}

static void on_oack(struct transfer *t, char *p, char *end) {
  while (p < end) {
    char *value = p + strlen(p) + 1;
    if (value >= end) break;
    if (!strcasecmp(p, "blksize")) t->blksize = atoi(value);
    if (!strcasecmp(p, "windowsize")) t->window = atoi(value);
    p = value + strlen(value) + 1;
  }
  ack(t);
}

static void on_data(struct transfer *t, unsigned block, int length) {
  datagrams++;
  if (lost()) {
    losses++;
    return;
  }
  if ((uint16_t)(block - t->received) != 1) {
    uint16_t ahead = block - t->received;
    if (ack_all) ack(t);
    else if (ahead > 1 && ahead < 0x8000 && !t->gap_told) t->gap_told = 1, ack(t);
    else if (ahead == 0 && t->received == t->acked) ack(t);
    return;
  }
  t->received++, t->gap_told = 0, t->tries = 0;
  bytes += length, blocks++;
  if (length < t->blksize) {
    ack(t);
    finish(t, 0);
  } else if (t->received - t->acked >= (uint32_t)t->window) {
    ack(t);
  } else {
    t->sent_at = now();
  }
}

// One datagram of t; 0 when there is none.
static int receive(struct transfer *t, int flags) {
  static unsigned char buffer[PACKET];
  struct sockaddr_in from;
  socklen_t size = sizeof from;
  ssize_t n = t->connected ? recv(t->fd, buffer, sizeof buffer, flags)
                           : recvfrom(t->fd, buffer, sizeof buffer, flags, (struct sockaddr *)&from, &size);
  if (n < 0) {
    if (errno == ECONNREFUSED) finish(t, 1);
    return 0;
  }
  if (n < 4) return 1;
  if (!t->connected) {
    connect(t->fd, (struct sockaddr *)&from, sizeof from);
    t->connected = 1;
  }
  if (buffer[1] == 3) on_data(t, buffer[2] << 8 | buffer[3], n - 4);
  else if (buffer[1] == 6 && t->received == 0) on_oack(t, (char *)buffer + 2, (char *)buffer + n);
  else if (buffer[1] == 5) {
    fprintf(stderr, "error %d: %s\n", buffer[3], buffer + 4);
    finish(t, 1);
  }
  return 1;
}

static void on_time(struct transfer *t, double at) {
  if (t->done || at - t->sent_at < RETRY_MS) return;
  if (++t->tries > GIVE_UP) {
    finish(t, 1);
    return;
  }
  if (t->received > t->acked) ack(t);
  else put(t);
}

int main(int argc, char **argv) {
  if (argc != 9) return 2;
  server.sin_family = AF_INET;
  server.sin_port = htons(atoi(argv[2]));
  inet_pton(AF_INET, argv[1], &server.sin_addr);
  int count = atoi(argv[6]);
  loss_permille = atoi(argv[7]), ack_all = atoi(argv[8]);
  struct transfer *all = calloc(count, sizeof *all);
  int poll = epoll_create1(0);
  double start = now(), looked = start;
  for (int i = 0; i < count; i++) {
    struct transfer *t = all + i;
    t->fd = socket(AF_INET, SOCK_DGRAM, 0);
    t->blksize = 512, t->window = 1;
    int wide = 1 << 22;
    setsockopt(t->fd, SOL_SOCKET, SO_RCVBUF, &wide, sizeof wide);
    struct timeval patience = {0, 100000};
    setsockopt(t->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    int n = sprintf((char *)t->last, "%c%c%s%coctet%c", 0, 1, argv[3], 0, 0);
    if (atoi(argv[4]) != 512) n += sprintf((char *)t->last + n, "blksize%c%s%c", 0, argv[4], 0);
    if (atoi(argv[5]) != 1) n += sprintf((char *)t->last + n, "windowsize%c%s%c", 0, argv[5], 0);
    t->last_len = n;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = t};
    epoll_ctl(poll, EPOLL_CTL_ADD, t->fd, &event);
    put(t);
  }
  running = count;
  while (running > 0) {
    if (count == 1) {
      receive(all, 0);
    } else {
      struct epoll_event events[256];
      int n = epoll_wait(poll, events, 256, 100);
      for (int i = 0; i < n; i++) {
        struct transfer *t = events[i].data.ptr;
        // A few at a time: one window must not starve the others.
        for (int k = 0; k < 16 && !t->done && receive(t, MSG_DONTWAIT); k++);
      }
    }
    double at = now();
    if (at - looked < 100) continue;
    looked = at;
    for (int i = 0; i < count; i++) on_time(all + i, at);
  }
  int failed = 0;
  for (int i = 0; i < count; i++) failed += all[i].failed;
  printf("{\"seconds\":%.6f,\"bytes\":%lu,\"blocks\":%lu,\"datagrams\":%lu,\"losses\":%lu,\"failed\":%d}\n",
         (now() - start) / 1e3, bytes, blocks, datagrams, losses, failed);
  return 0;
}
