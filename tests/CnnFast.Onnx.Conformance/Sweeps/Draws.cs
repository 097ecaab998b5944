namespace CnnFast.Onnx.Conformance.Sweeps;

/// <summary>Numbers, shapes and tensors drawn from a seed.</summary>
internal abstract class Draws(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>What the numbers are drawn from.</summary>
    public int Seed => seed;

    public int Between(int least, int most) => _random.Next(least, most + 1);

    public bool Chance(double probability) => _random.NextDouble() < probability;

    public T Pick<T>(params ReadOnlySpan<T> values) => values[_random.Next(values.Length)];

    public int[] Dimensions(int rank, int most = 5)
    {
        var dimensions = new int[rank];
        for (int i = 0; i < rank; i++)
            dimensions[i] = Between(1, most);
        return dimensions;
    }

    public float Number(double least = -1, double most = 1) => (float)(least + ((most - least) * _random.NextDouble()));

    public OnnxTensor Floats(ReadOnlySpan<int> dimensions, double least = -1, double most = 1) =>
        Fill(dimensions, () => Number(least, most));

    /// <summary>A tensor of the type, numbers from least to most.</summary>
    public OnnxTensor Values(ElementType type, ReadOnlySpan<int> dimensions, int least = -10, int most = 10) => type switch
    {
        ElementType.Float32 => Floats(dimensions, least, most),
        ElementType.Int32 => Fill(dimensions, () => Between(least, most)),
        ElementType.Int64 => Fill(dimensions, () => (long)Between(least, most)),
        ElementType.UInt8 => Fill(dimensions, () => (byte)Between(Math.Max(least, 0), most)),
        _ => Fill(dimensions, () => Chance(0.5)),
    };

    /// <summary>A vector of int64, as shapes and axes are.</summary>
    public static OnnxTensor Vector(params IEnumerable<int> values)
    {
        long[] elements = [.. values.Select(v => (long)v)];
        return OnnxTensor.Create(elements, elements.Length);
    }

    public static OnnxTensor Scalar<T>(T value)
        where T : unmanaged => OnnxTensor.Create([value]);

    private static OnnxTensor Fill<T>(ReadOnlySpan<int> dimensions, Func<T> next)
        where T : unmanaged
    {
        int count = 1;
        foreach (int dimension in dimensions)
            count *= dimension;
        var values = new T[count];
        for (int i = 0; i < count; i++)
            values[i] = next();
        return OnnxTensor.Create(values, dimensions);
    }
}
