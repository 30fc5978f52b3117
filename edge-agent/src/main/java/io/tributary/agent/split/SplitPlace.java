package io.tributary.agent.split;

/**
 * The place of a client.
 *
 * @param place from 0: the share of the text, and the order in which clients' gradients are summed
 * @param counted the client's last step that this server has counted, 0 for none
 */
record SplitPlace(int place, int counted) {}
