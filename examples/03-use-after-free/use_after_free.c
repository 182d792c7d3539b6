/* A list that reads a node's successor after freeing the node. */
#include <stdlib.h>

struct node {
  struct node *next;
  int value;
};

static struct node *push(struct node *list, int value) {
  struct node *node = malloc(sizeof *node);
  node->next = list;
  node->value = value;
  return node;
}

static void drop(struct node *list) {
  for (; list != NULL; list = list->next) free(list);
}

int main(void) {
  drop(push(push(NULL, 1), 2));
  return 0;
}
