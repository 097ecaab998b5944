using System.Globalization;

namespace CnnFast.Cli;

/// <summary>How far a tensor is from what was given.</summary>
/// <param name="Name">The tensor.</param>
/// <param name="Node">The node that computes it.</param>
/// <param name="Place">Where the node stands in the model.</param>
/// <param name="Shape">Its dimensions here.</param>
/// <param name="Largest">The largest absolute difference; null where they cannot be compared.</param>
/// <param name="Magnitude">The largest absolute value that was given.</param>
/// <param name="Reason">Why they cannot be compared; null where they can.</param>
internal sealed record TensorDifference(string Name, string Node, int Place, IReadOnlyList<int> Shape, double? Largest, double? Magnitude,
    string? Reason)
{
    /// <summary>The largest difference as a part of the largest value; null where there is no such number.</summary>
    public double? Relative => Largest == 0 ? 0 : Magnitude > 0 ? Largest / Magnitude : null;

    /// <summary>How they differ, in words.</summary>
    public string Departure => Reason ?? (Relative is { } relative
        ? string.Create(CultureInfo.InvariantCulture, $"by {relative:G3} of max |y|")
        : string.Create(CultureInfo.InvariantCulture, $"by {Largest:G3} where all given values are 0"));

    /// <summary>Whether the difference is within a part of the largest value.</summary>
    public bool Holds(double tolerance) => Largest <= tolerance * Magnitude;

    /// <summary>Compares elements. Infinite values and such that are no numbers have to be the same.</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="node">The node that computes it, and where it stands in the model.</param>
    /// <param name="shape">Its dimensions.</param>
    /// <param name="actual">What was computed.</param>
    /// <param name="golden">What was given.</param>
    public static TensorDifference Of(string name, (int Place, string Who) node, IReadOnlyList<int> shape, double[] actual,
        (Shape Shape, float[] Values) golden)
    {
        if (!golden.Shape.Dimensions.SequenceEqual(shape.ToArray()))
            return new TensorDifference(name, node.Who, node.Place, shape, null, null,
                $"the shapes differ: [{string.Join(", ", shape)}] here, {golden.Shape} in the file");
        double largest = 0, magnitude = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            double expected = golden.Values[i];
            if (double.IsFinite(expected))
                magnitude = Math.Max(magnitude, Math.Abs(expected));
            double difference = actual[i].Equals(expected) ? 0 : Math.Abs(actual[i] - expected);
            if (!double.IsFinite(difference))
                return new TensorDifference(name, node.Who, node.Place, shape, null, null,
                    FormattableString.Invariant($"element {i} is {actual[i]:G6} here, {expected:G6} in the file"));
            largest = Math.Max(largest, difference);
        }

        return new TensorDifference(name, node.Who, node.Place, shape, largest, magnitude, null);
    }
}
