/* Many datagrams in one system call: recvmmsg and sendmmsg, with the control messages that `node:dgram` has no way to say. */
#include "helper.h"

enum { BATCH = 64, CONTROL_BYTES = 128 };

union control {
  struct control_header header;
  uint8_t bytes[CONTROL_BYTES];
};

struct batch {
  struct message_of_many messages[BATCH];
  struct iovec parts[BATCH];
  struct socket_address names[BATCH];
  union control controls[BATCH];
};

static void copy(void *to, const void *from, size_t bytes) {
  for (size_t i = 0; i < bytes; i++) ((uint8_t *)to)[i] = ((const uint8_t *)from)[i];
}

static size_t aligned(size_t bytes) { return (bytes + sizeof(size_t) - 1) & ~(sizeof(size_t) - 1); }

static void read_name(struct row *row, const struct socket_address *name, int length) {
  row->family = 0;
  row->port = swapped(name->port);
  if (name->family == AF_INET && length >= IPV4_NAME_BYTES) {
    row->family = 4;
    copy(row->address, name->ipv4, 4);
  } else if (name->family == AF_INET6 && length >= IPV6_NAME_BYTES) {
    row->family = 6;
    copy(row->address, name->ipv6.address, 16);
    row->scope = name->ipv6.scope;
  }
}

static void read_control(struct row *row, const struct message *message) {
  const uint8_t *at = message->control;
  size_t left = message->control_length;
  while (left >= sizeof(struct control_header)) {
    const struct control_header *header = (const void *)at;
    if (header->length < sizeof *header || header->length > left) return;
    const void *data = header + 1;
    size_t size = header->length - sizeof *header;
    if (header->level == SOL_IP && header->type == IP_PKTINFO && size >= sizeof(struct ipv4_packet_info)) {
      const struct ipv4_packet_info *info = data;
      row->interface = info->interface;
      copy(row->local, info->destination, 4);
      copy(row->local + 4, info->local, 4);
      row->flags |= ROW_HAS_LOCAL;
    } else if (header->level == SOL_IPV6 && header->type == IPV6_PKTINFO && size >= sizeof(struct ipv6_packet_info)) {
      const struct ipv6_packet_info *info = data;
      row->interface = info->interface;
      copy(row->local, info->address, 16);
      row->flags |= ROW_HAS_LOCAL;
    } else if (header->level == SOL_IPV6 && header->type == IPV6_HOPLIMIT && size >= sizeof(int)) {
      row->hop_limit = (uint16_t) * (const int *)data;
    }
    size_t step = aligned(header->length);
    if (step >= left) return;
    at += step;
    left -= step;
  }
}

static int receive_batch(int fd, uint8_t *bytes, size_t slot, size_t first, struct row *rows, unsigned count) {
  struct batch batch;
  for (unsigned i = 0; i < count; i++) {
    batch.parts[i] = (struct iovec){bytes + (first + i) * slot, slot};
    batch.messages[i].message = (struct message){&batch.names[i], sizeof batch.names[i], &batch.parts[i], 1,
                                                 &batch.controls[i], CONTROL_BYTES, 0};
  }
  long got;
  do got = CALL5(SYS_RECVMMSG, fd, batch.messages, count, MSG_DONTWAIT, 0);
  while (got == -EINTR);
  for (long i = 0; i < got; i++) {
    const struct message *message = &batch.messages[i].message;
    struct row *row = &rows[i];
    *row = (struct row){.offset = (uint32_t)((first + (size_t)i) * slot), .length = batch.messages[i].length};
    if (message->flags & MSG_TRUNC) row->flags |= ROW_TRUNCATED;
    read_name(row, &batch.names[i], message->name_length);
    read_control(row, message);
  }
  return (int)got;
}

int receive_rows(int fd, uint8_t *bytes, size_t size, size_t slot, struct row *rows, size_t count) {
  if (slot == 0 || count == 0 || size / slot < count || size > UINT32_MAX) return -EINVAL;
  size_t done = 0;
  while (done < count) {
    unsigned wanted = count - done > BATCH ? BATCH : (unsigned)(count - done);
    int got = receive_batch(fd, bytes, slot, done, rows + done, wanted);
    if (got < 0) return done > 0 ? (int)done : got;
    done += (size_t)got;
    if ((unsigned)got < wanted) break;
  }
  return (int)done;
}

static void *add_control(struct message *message, int level, int type, size_t size) {
  struct control_header *header = (void *)((uint8_t *)message->control + message->control_length);
  *header = (struct control_header){sizeof *header + size, level, type};
  message->control_length += aligned(header->length);
  return header + 1;
}

static void write_control(struct message *message, const struct row *row) {
  bool from = row->flags & ROW_HAS_LOCAL;
  if ((from || row->interface != 0) && row->family == 4) {
    struct ipv4_packet_info *info = add_control(message, SOL_IP, IP_PKTINFO, sizeof *info);
    *info = (struct ipv4_packet_info){.interface = row->interface};
    if (from) copy(info->local, row->local, 4);
  } else if ((from || row->interface != 0) && row->family == 6) {
    struct ipv6_packet_info *info = add_control(message, SOL_IPV6, IPV6_PKTINFO, sizeof *info);
    *info = (struct ipv6_packet_info){.interface = row->interface};
    if (from) copy(info->address, row->local, 16);
  }
  if (row->hop_limit != 0 && row->family == 6) {
    *(int *)add_control(message, SOL_IPV6, IPV6_HOPLIMIT, sizeof(int)) = row->hop_limit;
  }
  if (row->segment != 0) {
    *(uint16_t *)add_control(message, SOL_UDP, UDP_SEGMENT, sizeof(uint16_t)) = (uint16_t)row->segment;
  }
}

static bool write_message(struct batch *batch, unsigned i, uint8_t *bytes, size_t size, const struct row *row) {
  bool known = row->family == 0 || row->family == 4 || row->family == 6;
  if (!known || row->offset > size || row->length > size - row->offset || row->segment > UINT16_MAX) return false;
  struct socket_address *name = &batch->names[i];
  struct message *message = &batch->messages[i].message;
  batch->parts[i] = (struct iovec){bytes + row->offset, row->length};
  *message = (struct message){0, 0, &batch->parts[i], 1, &batch->controls[i], 0, 0};
  *name = (struct socket_address){.port = swapped(row->port)};
  if (row->family == 4) {
    name->family = AF_INET;
    copy(name->ipv4, row->address, 4);
    message->name_length = IPV4_NAME_BYTES;
  } else if (row->family == 6) {
    name->family = AF_INET6;
    copy(name->ipv6.address, row->address, 16);
    name->ipv6.scope = row->scope;
    message->name_length = IPV6_NAME_BYTES;
  }
  if (row->family != 0) message->name = name;
  write_control(message, row);
  if (message->control_length == 0) message->control = 0;
  return true;
}

int send_rows(int fd, uint8_t *bytes, size_t size, struct row *rows, size_t count) {
  if (size > UINT32_MAX) return -EINVAL;
  struct batch batch;
  int sent = 0;
  size_t done = 0;
  while (done < count) {
    unsigned wanted = 0;
    while (wanted < BATCH && done + wanted < count) {
      if (!write_message(&batch, wanted, bytes, size, &rows[done + wanted])) break;
      wanted++;
    }
    long got = wanted == 0 ? -EINVAL : CALL5(SYS_SENDMMSG, fd, batch.messages, wanted, MSG_DONTWAIT | MSG_NOSIGNAL, 0);
    if (got == -EINTR) continue;
    for (long i = 0; i < got; i++) rows[done + (size_t)i].error = 0;
    if (got > 0) {
      sent += (int)got;
      done += (size_t)got;
      continue;
    }
    /* The first row failed: the others are tried without it, unless the socket takes no more now, or is none. */
    rows[done++].error = (int)-got;
    if (got != -EAGAIN && got != -EBADF && got != -ENOTSOCK) continue;
    while (done < count) rows[done++].error = (int)-got;
    if (got != -EAGAIN) return (int)got;
  }
  return sent;
}

int name_of(int fd, struct row *row) {
  struct socket_address name = {0};
  int length = sizeof name;
  long result = CALL3(SYS_GETSOCKNAME, fd, &name, &length);
  if (result < 0) return (int)result;
  *row = (struct row){0};
  read_name(row, &name, length);
  return 0;
}
