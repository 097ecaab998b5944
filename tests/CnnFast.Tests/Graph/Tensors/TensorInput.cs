namespace CnnFast.Tests.Graph.Tensors;

/// <summary>An input of an operation.</summary>
/// <param name="Shape">The shape, with the largest batch where it has one.</param>
/// <param name="Low">The smallest number.</param>
/// <param name="High">The largest number.</param>
internal sealed record TensorInput(Shape Shape, double Low = -1, double High = 1)
{
    /// <summary>Whether there is one for all samples.</summary>
    public bool IsWhole { get; init; }

    /// <summary>What its elements are.</summary>
    public ElementType Type { get; init; } = ElementType.Float32;

    /// <summary>The elements, where they are given.</summary>
    public double[]? Values { get; init; }

    /// <summary>One with a batch.</summary>
    public static TensorInput Of(params int[] shape) => new(new Shape(shape));

    /// <summary>One for all samples.</summary>
    public static TensorInput Whole(params int[] shape) => new(new Shape(shape)) { IsWhole = true };

    /// <summary>The elements of n samples.</summary>
    public double[] ValuesFor(int n, Random random)
    {
        int count = IsWhole ? Shape.ElementCount : Shape.ElementCount / Shape[0] * n;
        if (Values is not null)
            return Values[..count];
        var values = new double[count];
        for (int i = 0; i < count; i++)
        {
            double value = Low + (random.NextDouble() * (High - Low));
            values[i] = Type == ElementType.Float32 ? (float)value : Math.Floor(value + 0.5);
        }

        return values;
    }
}
