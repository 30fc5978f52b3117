/**
 * Sketches of rows: the directions in which a matrix is largest, from one pass over its rows.
 *
 * <table>
 *   <caption>The methods; d values in a row, n rows</caption>
 *   <tr><th>method</th><th>order of rows</th><th>promise</th><th>bytes</th><th>merges</th></tr>
 *   <tr>
 *     <td>random-order</td><td>random</td>
 *     <td>with R the gap, {@code 1 − cos²} in the order of {@code 1/√R} if it holds the rows whose
 *         squared length exceeds {@code ‖A‖²/(d ln d)}; measured far below, since each row counts
 *         once</td>
 *     <td>{@code 8d(2k + 2h) + 4Kd + 12d}, and {@code O(K² + (k + h)²)}</td><td>no</td>
 *   </tr>
 *   <tr>
 *     <td>exponential-oja</td><td>any</td>
 *     <td>a small error if R is at least of the order {@code ln n · ln d}; says when it failed</td>
 *     <td>{@code 8d} for each of some two dozen rates</td><td>no</td>
 *   </tr>
 *   <tr>
 *     <td>frequent-directions</td><td>any</td>
 *     <td>every {@code ‖Ax‖²} within {@code ‖A‖²/l}</td>
 *     <td>{@code 8ld}, and {@code O(l²)}</td><td>yes</td>
 *   </tr>
 *   <tr>
 *     <td>row-sampling</td><td>any</td><td>an unbiased estimate of {@code AᵀA}</td>
 *     <td>{@code 4md}, and {@code O(m²)}</td><td>yes</td>
 *   </tr>
 * </table>
 *
 * <p>Here k is the number of power columns (4, or one more than the directions asked for, and h
 * more while they search), h that of heavy directions (8), K that of heavy rows held, l that of
 * directions kept, m that of rows sampled; K, l and m follow from the budget. Rows are float32; all
 * sums are float64, in an order that {@link io.tributary.codecs.sketch.SketchKernel} defines, so
 * that every back end gives the same bits.
 *
 * <p>Belongs here: the methods, their kernels and the small dense linear algebra that they need.
 * Does not belong here: the order of rows, and what is done with a direction.
 */
@NullMarked
package io.tributary.codecs.sketch;

import org.jspecify.annotations.NullMarked;
