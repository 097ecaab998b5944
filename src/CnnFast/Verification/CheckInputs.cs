using CnnFast.Graphs;

namespace CnnFast.Verification;

/// <summary>The inputs of a check: given ones, or random ones of a seed.</summary>
internal static class CheckInputs
{
    /// <summary>The inputs for a batch.</summary>
    /// <exception cref="ShapeException">The given ones do not fit.</exception>
    /// <exception cref="NotSupportedException">An input that is not given is no Float32.</exception>
    public static ReadOnlyMemory<float>[] Of(string who, IReadOnlyList<ValueInfo> inputs, int batch,
        IReadOnlyList<ReadOnlyMemory<float>>? given, ulong seed)
    {
        if (given is null)
            return [.. inputs.Select((input, index) => Random(who, input, index, batch, seed))];
        if (given.Count != inputs.Count)
            throw new ShapeException($"{who}: {given.Count} inputs were given; expected {inputs.Count}.");
        for (int i = 0; i < inputs.Count; i++)
        {
            if (given[i].Length != inputs[i].FloatsFor(batch))
                throw new ShapeException($"{who}: the input '{inputs[i].Name}' has {given[i].Length} values; expected " +
                    $"{inputs[i].FloatsFor(batch)} for {inputs[i].ShapeFor(batch)}.");
        }

        return [.. given];
    }

    private static ReadOnlyMemory<float> Random(string who, ValueInfo input, int index, int batch, ulong seed)
    {
        if (input.Type != ElementType.Float32)
            throw new NotSupportedException(
                $"{who}: the input '{input.Name}' is of {input.Type}, for which there are no random values; give it.");
        var random = new SeededRandom(seed, (ulong)index + 10);
        var values = new float[input.ShapeFor(batch).ElementCount];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)((2 * random.NextDouble()) - 1);
        return values;
    }
}
