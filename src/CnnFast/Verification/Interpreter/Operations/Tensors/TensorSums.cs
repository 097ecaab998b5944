using CnnFast.Graphs;

namespace CnnFast.Verification;

/// <summary>Elements of operations that take many elements together, with their slopes.</summary>
internal static class TensorSums
{
    /// <summary>A reduction of the elements at some places.</summary>
    public static void Reduce(Reduction reduction, double[] x, int[] places, TensorElement y)
    {
        double[] values = [.. places.Select(place => x[place])];
        double result = reduction switch
        {
            Reduction.Sum => values.Sum(),
            Reduction.Mean => values.Average(),
            Reduction.Maximum => values.Max(),
            Reduction.Minimum => values.Min(),
            Reduction.Product => values.Aggregate(1.0, (product, value) => product * value),
            Reduction.L1 => values.Sum(Math.Abs),
            Reduction.L2 => Math.Sqrt(values.Sum(value => value * value)),
            Reduction.SumOfSquares => values.Sum(value => value * value),
            Reduction.LogSum => Math.Log(values.Sum()),
            _ => values.Max() + Math.Log(values.Sum(value => Math.Exp(value - values.Max()))),
        };
        int ties = values.Count(value => value == result);
        y.Be(result);
        for (int i = 0; i < places.Length; i++)
        {
            double value = values[i];
            y.With(0, places[i], reduction switch
            {
                Reduction.Sum => 1,
                Reduction.Mean => 1.0 / values.Length,
                Reduction.Maximum or Reduction.Minimum => value == result ? 1.0 / ties : 0,
                Reduction.Product => values.Where((_, other) => other != i).Aggregate(1.0, (product, other) => product * other),
                Reduction.L1 => Math.Sign(value),
                Reduction.L2 => result == 0 ? 0 : value / result,
                Reduction.SumOfSquares => 2 * value,
                Reduction.LogSum => Math.Exp(-result),
                _ => Math.Exp(value - result),
            });
        }
    }

    /// <summary>The logarithm of softmax of a row.</summary>
    public static void LogSoftmax(double[] x, int[] row, int own, TensorElement y)
    {
        double largest = row.Max(place => x[place]);
        double log = largest + Math.Log(row.Sum(place => Math.Exp(x[place] - largest)));
        y.Be(x[row[own]] - log);
        for (int i = 0; i < row.Length; i++)
            y.With(0, row[i], (i == own ? 1 : 0) - Math.Exp(x[row[i]] - log));
    }

    /// <summary>A channel of local response normalisation.</summary>
    public static void LocalResponse(LocalResponseOperation operation, double[] x, int[] pixel, int own, TensorElement y)
    {
        int first = Math.Max(0, own - ((operation.Size - 1) / 2));
        int last = Math.Min(pixel.Length - 1, own + (operation.Size / 2));
        int[] neighbours = pixel[first..(last + 1)];
        double factor = (double)operation.Alpha / operation.Size;
        double sum = operation.Bias + (factor * neighbours.Sum(place => x[place] * x[place]));
        double power = Math.Pow(sum, -operation.Beta);
        double value = x[pixel[own]];
        y.Be(value * power).With(0, pixel[own], power);
        foreach (int place in neighbours)
            y.With(0, place, -2 * factor * operation.Beta * value * power / sum * x[place]);
    }

    /// <summary>The mean, the variance or the factor of a group.</summary>
    public static void Statistic(NormalizeOperation operation, double[] x, int[] places, TensorElement y)
    {
        (double mean, double variance, double factor, double curvature) = Moments(operation, x, places);
        y.Be(operation.Result switch
        {
            NormalizeResult.Mean => mean,
            NormalizeResult.Variance => variance,
            _ => factor,
        });
        foreach (int place in places)
        {
            double distance = (x[place] - mean) / places.Length;
            y.With(0, place, operation.Result switch
            {
                NormalizeResult.Mean => 1.0 / places.Length,
                NormalizeResult.Variance => 2 * distance,
                _ => -curvature * distance,
            });
        }
    }

    /// <summary>A normalised element with its scale and bias.</summary>
    /// <returns>What the scale multiplies.</returns>
    public static double Normalize(NormalizeOperation operation, double[] x, int[] places, int own, double scale, double bias,
        TensorElement y)
    {
        (double mean, _, double factor, double curvature) = Moments(operation, x, places);
        double distance = x[own] - mean;
        y.Be((distance * factor * scale) + bias);
        foreach (int place in places)
        {
            double slope = (place == own ? factor : 0) - (factor / places.Length)
                - (distance * curvature * (x[place] - mean) / places.Length);
            y.With(0, place, scale * slope);
        }

        return distance * factor;
    }

    // Mean, variance, the factor r = 1 / (σ + Added), and r² / σ.
    private static (double Mean, double Variance, double Factor, double Curvature) Moments(NormalizeOperation operation, double[] x,
        int[] places)
    {
        double mean = places.Average(place => x[place]);
        double variance = places.Average(place => (x[place] - mean) * (x[place] - mean));
        double deviation = Math.Sqrt(variance + operation.Epsilon);
        double factor = 1 / (deviation + operation.Added);
        return (mean, variance, factor, deviation == 0 ? 0 : factor * factor / deviation);
    }
}
