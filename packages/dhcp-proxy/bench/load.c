/*
 * load DEVICE MODE RATE SECONDS WINDOW MAXIMUM
 *
 * Sends DHCP DISCOVERs of a PXE ROM, each with a random hardware address, and checks every reply.
 * closed: keeps WINDOW of them unanswered, as fast as the server allows, until MAXIMUM or SECONDS.
 * open:   sends RATE a second, answered or not, for SECONDS.
 * Prints one line: sent, answered, wrong, lost, seconds, p50, p99 and worst latency in microseconds.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 32, REPLY_BYTES = 1500, SLOTS = 1 << 16, MOST_LATENCIES = 1 << 22 };
static const uint64_t LOST_NS = 1000000000ull;

/* What an Intel-style ROM sends: 53 57 55 97 93 94 60, END. */
static const uint8_t OPTIONS[] = {
    0x63, 0x82, 0x53, 0x63, 53, 1, 1, 57, 2, 0x05, 0xc0,
    55, 19, 1, 2, 3, 12, 13, 17, 43, 54, 60, 66, 67, 128, 129, 130, 131, 132, 133, 134, 135,
    97, 17, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
    93, 2, 0, 0, 94, 3, 1, 2, 1,
    60, 32, 'P', 'X', 'E', 'C', 'l', 'i', 'e', 'n', 't', ':', 'A', 'r', 'c', 'h', ':', '0', '0', '0', '0', '0',
    ':', 'U', 'N', 'D', 'I', ':', '0', '0', '2', '0', '0', '1', 255};

struct pending { uint64_t sent_ns; uint32_t xid; uint8_t mac[6]; uint8_t waiting; };
static struct pending slots[SLOTS];
static uint32_t latencies[MOST_LATENCIES];
static uint64_t sent, answered, wrong, lost, waiting, random_state = 88172645463325252ull;

static uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

static uint64_t next_random(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return random_state;
}

static size_t discover(uint8_t *p, uint64_t at_ns) {
  uint32_t xid = (uint32_t)sent + 1;
  struct pending *slot = &slots[xid % SLOTS];
  if (slot->waiting) { lost++; waiting--; }
  uint64_t bits = next_random();
  memset(p, 0, 240);
  p[0] = 1; p[1] = 1; p[2] = 6;
  memcpy(p + 4, &xid, 4);
  p[10] = 0x80;
  p[28] = 0x52;
  memcpy(p + 29, &bits, 5);
  memcpy(p + 236, OPTIONS, sizeof OPTIONS);
  slot->xid = xid; slot->sent_ns = at_ns; slot->waiting = 1;
  memcpy(slot->mac, p + 28, 6);
  sent++; waiting++;
  return 236 + sizeof OPTIONS;
}

/* An OFFER to exactly the machine that asked: class PXEClient, a server id, a next server, no address. */
static int is_offer(const uint8_t *p, size_t n, const struct pending *slot) {
  if (n < 300 || p[0] != 2 || memcmp(p + 28, slot->mac, 6) != 0) return 0;
  if (memcmp(p + 236, OPTIONS, 4) != 0) return 0;
  static const uint8_t zero[4];
  if (memcmp(p + 16, zero, 4) != 0) return 0;
  int type = 0, server = 0, class = 0;
  for (size_t at = 240; at + 1 < n && p[at] != 255; at += 2 + p[at + 1]) {
    if (p[at] == 53) type = p[at + 2];
    if (p[at] == 54) server = p[at + 1] == 4;
    if (p[at] == 60) class = p[at + 1] >= 9 && memcmp(p + at + 2, "PXEClient", 9) == 0;
  }
  return type == 2 && server && class;
}

static void reply(const uint8_t *p, size_t n, uint64_t at_ns) {
  uint32_t xid;
  if (n < 240) { wrong++; return; }
  memcpy(&xid, p + 4, 4);
  struct pending *slot = &slots[xid % SLOTS];
  if (!slot->waiting || slot->xid != xid) { wrong++; return; }
  if (!is_offer(p, n, slot)) { wrong++; return; }
  slot->waiting = 0;
  waiting--;
  if (answered < MOST_LATENCIES) latencies[answered] = (uint32_t)((at_ns - slot->sent_ns) / 1000);
  answered++;
}

static int by_value(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return x < y ? -1 : x > y;
}

static void check(int failed, const char *what) {
  if (failed) { perror(what); exit(1); }
}

static int open_socket(const char *device) {
  int fd = socket(AF_INET, SOCK_DGRAM, 0), on = 1, size = 8 << 20;
  check(fd < 0, "socket");
  check(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0, "SO_REUSEADDR");
  check(setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on) < 0, "SO_BROADCAST");
  check(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device, strlen(device)) < 0, "SO_BINDTODEVICE");
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
  struct sockaddr_in self = {.sin_family = AF_INET, .sin_port = htons(68)};
  check(bind(fd, (struct sockaddr *)&self, sizeof self) < 0, "bind");
  return fd;
}

static uint8_t out[BATCH][600], in[BATCH][REPLY_BYTES];

static void send_some(int fd, unsigned count) {
  struct sockaddr_in all = {.sin_family = AF_INET, .sin_port = htons(67), .sin_addr.s_addr = INADDR_BROADCAST};
  struct mmsghdr messages[BATCH] = {0};
  struct iovec parts[BATCH];
  uint64_t at_ns = now_ns();
  for (unsigned i = 0; i < count; i++) {
    parts[i] = (struct iovec){out[i], discover(out[i], at_ns)};
    messages[i].msg_hdr = (struct msghdr){.msg_name = &all, .msg_namelen = sizeof all, .msg_iov = &parts[i], .msg_iovlen = 1};
  }
  for (unsigned done = 0; done < count;) {
    int n = sendmmsg(fd, messages + done, count - done, 0);
    check(n < 0 && errno != EAGAIN && errno != ENOBUFS, "sendmmsg");
    if (n > 0) done += (unsigned)n;
  }
}

static void receive_all(int fd) {
  struct mmsghdr messages[BATCH] = {0};
  struct iovec parts[BATCH];
  for (unsigned i = 0; i < BATCH; i++) {
    parts[i] = (struct iovec){in[i], REPLY_BYTES};
    messages[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1};
  }
  for (;;) {
    int n = recvmmsg(fd, messages, BATCH, MSG_DONTWAIT, NULL);
    if (n <= 0) return;
    uint64_t at_ns = now_ns();
    for (int i = 0; i < n; i++) reply(in[i], messages[i].msg_len, at_ns);
    if (n < BATCH) return;
  }
}

static void wait_for_reply(int fd, uint64_t ns) {
  struct pollfd ready = {fd, POLLIN, 0};
  struct timespec limit = {(time_t)(ns / 1000000000ull), (long)(ns % 1000000000ull)};
  ppoll(&ready, 1, &limit, NULL);
}

/* Gives up on what has waited for a second: a window full of lost packets would stop everything. */
static void forget_lost(void) {
  uint64_t at_ns = now_ns();
  for (size_t i = 0; i < SLOTS; i++) {
    if (slots[i].waiting && at_ns - slots[i].sent_ns > LOST_NS) { slots[i].waiting = 0; waiting--; lost++; }
  }
}

int main(int count, char **words) {
  if (count != 7) { fprintf(stderr, "usage: load DEVICE open|closed RATE SECONDS WINDOW MAXIMUM\n"); return 2; }
  int fd = open_socket(words[1]), is_open = strcmp(words[2], "open") == 0;
  double rate = atof(words[3]), seconds = atof(words[4]);
  uint64_t window = strtoull(words[5], NULL, 10), maximum = strtoull(words[6], NULL, 10);
  random_state ^= now_ns();
  uint64_t start = now_ns(), end = start + (uint64_t)(seconds * 1e9);
  while (now_ns() < end && sent < maximum) {
    if (is_open) {
      double due = (double)(now_ns() - start) / 1e9 * rate;
      if ((double)sent < due) send_some(fd, 1);
      else wait_for_reply(fd, 50000);
    } else {
      uint64_t room = window - waiting;
      if (room > 0) send_some(fd, room < BATCH ? (unsigned)room : BATCH);
      else wait_for_reply(fd, 20000000);
      if (waiting == window) forget_lost();
    }
    receive_all(fd);
  }
  double took = (double)(now_ns() - start) / 1e9;
  for (uint64_t until = now_ns() + LOST_NS; waiting > 0 && now_ns() < until;) { wait_for_reply(fd, 1000000); receive_all(fd); }
  lost += waiting;
  uint64_t kept = answered < MOST_LATENCIES ? answered : MOST_LATENCIES;
  qsort(latencies, kept, sizeof *latencies, by_value);
  printf("{\"sent\":%llu,\"answered\":%llu,\"wrong\":%llu,\"lost\":%llu,\"seconds\":%.3f,\"p50Us\":%u,\"p99Us\":%u,\"worstUs\":%u}\n",
         (unsigned long long)sent, (unsigned long long)answered, (unsigned long long)wrong, (unsigned long long)lost, took,
         kept ? latencies[kept / 2] : 0, kept ? latencies[kept * 99 / 100] : 0, kept ? latencies[kept - 1] : 0);
  return 0;
}
