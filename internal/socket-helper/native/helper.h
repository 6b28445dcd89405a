#ifndef BOOTWIRE_HELPER_H
#define BOOTWIRE_HELPER_H

#include "linux.h"
#include "node.h"

/*
 * One datagram to send, or one received. JavaScript lays these out in a Uint8Array (src/rows.ts has the same offsets);
 * numbers are in the machine's order, addresses in network order. IPv4 addresses are the first four bytes of their field.
 */
struct row {
  uint32_t offset;      /* of the payload in the bytes that come with the rows */
  uint32_t length;      /* of the payload */
  uint16_t family;      /* of the peer: 4, 6; 0 when sending: the socket is connected */
  uint16_t port;        /* of the peer */
  uint32_t scope;       /* of the peer's link-local address: an interface index */
  uint8_t address[16];  /* of the peer */
  uint8_t local[16];    /* received: destination, then for IPv4 our own address on that interface; to send: source */
  uint32_t interface;   /* index: where it came in or shall go out; 0: unknown, or as routed */
  uint16_t flags;
  uint16_t hop_limit;   /* received, where asked for; to send over IPv6: 0 is the socket's own */
  uint32_t segment;     /* to send: cut into datagrams of so many bytes (UDP_SEGMENT); 0: the socket's own setting */
  int32_t error;        /* errno of this row, 0 for none */
};

enum { ROW_TRUNCATED = 1, ROW_HAS_LOCAL = 2 };

/* Reads a whole number; false for everything else: 1.5, NaN, '7', undefined. */
bool int_of(napi_env, napi_value, int32_t *);

/* Reads a Uint8Array; a detached one has no bytes. */
bool bytes_of(napi_env, napi_value, uint8_t **, size_t *);

/* Rows in a Uint8Array. */
bool rows_of(napi_env, napi_value, struct row **, size_t *);

/* Fills rows with what has arrived: their number, or -errno. Row i takes bytes from i * slot on. */
int receive_rows(int fd, uint8_t *bytes, size_t size, size_t slot, struct row *, size_t count);

/* Sends rows: how many the kernel took, or -errno if the descriptor is no open socket. Every row's `error` is set. */
int send_rows(int fd, uint8_t *bytes, size_t size, struct row *, size_t count);

/* Address and port of a socket into a row; 0 or -errno. */
int name_of(int fd, struct row *);

/* The type of an open socket, or -errno for other descriptors. */
int type_of_socket(int fd);

/* Memory without a C library: whole pages. */
void *pages(size_t bytes);
void free_pages(void *, size_t bytes);

struct watch;

/* What one environment (the main thread, a worker) holds. */
struct state {
  struct watch *watches;
  int32_t last_id;
};

int watch_start(napi_env, struct state *, const napi_value *arguments);
int watch_stop(struct state *, int32_t id);

#endif
