using System.Text.Json;
using CnnFast.Kernels;

namespace CnnFast.Graphs;

/// <summary>What the positions of a resized dimension are.</summary>
/// <param name="Axis">The positions of the input that each reads, and their weights.</param>
/// <param name="Outside">Positions that lie outside the input, as runs: first and number.</param>
internal sealed record InterpolationTable(ResizeAxis Axis, IReadOnlyList<(int First, int Count)> Outside)
{
    /// <summary>One position that stays.</summary>
    public static InterpolationTable Identity { get; } = new(ResizeAxis.Of(1, [[new ResizeTap(0, 1)]]), []);

    /// <summary>Reads a table of a model file.</summary>
    /// <exception cref="ModelFormatException">It is none.</exception>
    public static InterpolationTable Read(AttributeReader json, string name)
    {
        int input = json.Int32($"{name}_input");
        int[] counts = json.List($"{name}_counts");
        int[] indices = json.List($"{name}_indices");
        float[] weights = json.Numbers($"{name}_weights");
        if (counts.Any(count => count < 1 || count > indices.Length) || counts.Sum(count => (long)count) != indices.Length
            || weights.Length != indices.Length || indices.Any(index => index < 0 || index >= input))
            throw new ModelFormatException($"{json.Who}: the {name} do not fit one another; expected at least one tap for each, " +
                $"their indices from 0 to {input - 1L}, and as many weights");
        var taps = new List<ResizeTap[]>(counts.Length);
        int next = 0;
        foreach (int count in counts)
        {
            var position = new ResizeTap[count];
            for (int i = 0; i < count; i++, next++)
                position[i] = new ResizeTap(indices[next], weights[next]);
            taps.Add(position);
        }

        return new InterpolationTable(ResizeAxis.Of(input, taps), ReadOutside(json, name, counts.Length));
    }

    /// <summary>Writes the table for a model file.</summary>
    public void Write(Utf8JsonWriter json, string name)
    {
        json.WriteNumber($"{name}_input", Axis.Input);
        json.WriteNumbers($"{name}_counts", [.. Enumerable.Range(0, Axis.Output).Select(o => Axis.Begins[o + 1] - Axis.Begins[o])]);
        json.WriteNumbers($"{name}_indices", [.. Axis.Taps.Select(tap => tap.Index)]);
        json.WriteFloats($"{name}_weights", [.. Axis.Taps.Select(tap => tap.Weight)]);
        json.WriteNumbers($"{name}_outside", [.. Outside.SelectMany(run => (int[])[run.First, run.Count])]);
    }

    /// <summary>The axis, in which positions outside the input read nothing.</summary>
    public ResizeAxis WithoutOutside() => Outside.Count == 0 ? Axis : ResizeAxis.Of(Axis.Input, [.. Enumerable.Range(0, Axis.Output)
        .Select(o => IsOutside(o) ? [] : Axis.Taps[Axis.Begins[o]..Axis.Begins[o + 1]])]);

    /// <summary>Whether a position lies outside the input.</summary>
    public bool IsOutside(int position) => Outside.Any(run => position >= run.First && position < run.First + run.Count);

    private static (int First, int Count)[] ReadOutside(AttributeReader json, string name, int positions)
    {
        int[] numbers = json.List($"{name}_outside", fewest: 0);
        var runs = new (int First, int Count)[numbers.Length / 2];
        for (int i = 0; i < runs.Length; i++)
            runs[i] = (numbers[2 * i], numbers[(2 * i) + 1]);
        return numbers.Length % 2 == 0 && runs.All(run => run.First >= 0 && run.Count >= 1 && (long)run.First + run.Count <= positions)
            ? runs
            : throw new ModelFormatException(
                $"{json.Who}: the runs outside of the {name} are no pairs of a first one and a number within {positions}");
    }
}
