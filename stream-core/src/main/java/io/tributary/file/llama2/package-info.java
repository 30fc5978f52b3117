/**
 * Files of weights in the layout of llama2.c: seven numbers, then all values as float32.
 *
 * <p>The numbers are the extents of a model: width, width of its feed-forward layers, layers,
 * heads, heads of keys and values, size of the vocabulary (negative if the output has weights of
 * its own) and context. Everything else follows from them, so that the file's length must be what
 * they say. The tensors are named as in the model that the layout was made for; those of the layers
 * lie by kind.
 *
 * <pre>
 * tok_embeddings.weight                     [vocabulary, dim]
 * layers.{i}.attention_norm.weight          [dim]
 * layers.{i}.attention.wq.weight            [dim, dim]
 * layers.{i}.attention.wk.weight, wv        [kv, dim]
 * layers.{i}.attention.wo.weight            [dim, dim]
 * layers.{i}.ffn_norm.weight                [dim]
 * layers.{i}.feed_forward.w1.weight         [hidden, dim]
 * layers.{i}.feed_forward.w2.weight         [dim, hidden]
 * layers.{i}.feed_forward.w3.weight         [hidden, dim]
 * norm.weight                               [dim]
 * freqs_cos, freqs_sin                      [context, head / 2]
 * output.weight                             [vocabulary, dim], if it has weights of its own
 * </pre>
 *
 * <p>Belongs here: reading that layout. Does not belong here: what the tensors mean to a model.
 *
 * @see <a href="https://github.com/karpathy/llama2.c">the layout</a>
 */
@NullMarked
package io.tributary.file.llama2;

import org.jspecify.annotations.NullMarked;
