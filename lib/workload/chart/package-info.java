/**
 * The images of a Helm chart: rendered by helm where there is one, else read from its annotations and guessed from its values.
 * It is not a template engine, and asks neither a cluster nor a registry.
 */
@NullMarked
package lib.workload.chart;

import org.jspecify.annotations.NullMarked;
