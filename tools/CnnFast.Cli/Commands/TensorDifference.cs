namespace CnnFast.Cli;

/// <summary>How far a tensor is from what was given.</summary>
/// <param name="Name">The tensor.</param>
/// <param name="Node">The node that computes it.</param>
/// <param name="Shape">Its dimensions here.</param>
/// <param name="Largest">The largest absolute difference.</param>
/// <param name="Magnitude">The largest absolute value that was given.</param>
/// <param name="Reason">Why it cannot be compared; null where it can.</param>
internal sealed record TensorDifference(string Name, string Node, IReadOnlyList<int> Shape, double Largest, double Magnitude, string? Reason)
{
    /// <summary>The largest difference as a part of the largest value.</summary>
    public double Relative => Largest == 0 ? 0 : Largest / Magnitude;

    /// <summary>Whether the difference is within a part of the largest value.</summary>
    public bool Holds(double tolerance) => Largest <= tolerance * Magnitude;

    /// <summary>Compares elements. Infinite values and such that are no numbers have to be the same.</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="node">The node that computes it.</param>
    /// <param name="shape">Its dimensions.</param>
    /// <param name="actual">What was computed.</param>
    /// <param name="golden">What was given.</param>
    public static TensorDifference Of(string name, string node, IReadOnlyList<int> shape, double[] actual, (Shape Shape, float[] Values) golden)
    {
        if (!golden.Shape.Dimensions.SequenceEqual(shape.ToArray()))
            return new TensorDifference(name, node, shape, double.PositiveInfinity, double.NaN, $"its shape is [{string.Join(", ", shape)}], that of the file {golden.Shape}");
        double largest = 0, magnitude = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            double expected = golden.Values[i];
            if (double.IsFinite(expected))
                magnitude = Math.Max(magnitude, Math.Abs(expected));
            double difference = actual[i].Equals(expected) ? 0 : Math.Abs(actual[i] - expected);
            largest = Math.Max(largest, double.IsNaN(difference) ? double.PositiveInfinity : difference);
        }

        return new TensorDifference(name, node, shape, largest, magnitude, null);
    }
}
