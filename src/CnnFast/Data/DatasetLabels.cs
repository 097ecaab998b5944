namespace CnnFast.Data;

/// <summary>The labels of a data set, read once; of images the targets alone.</summary>
internal static class DatasetLabels
{
    private const int MaxChunk = 256;
    private const int MaxChunkValues = 1 << 24;

    /// <summary>The class of every sample, in order.</summary>
    /// <exception cref="ShapeException">The first target of the data set is not one label a sample.</exception>
    public static int[] Read(string who, IDataset data)
    {
        if (data.Targets.Count == 0 || !data.Targets[0].IsLabels || data.Targets[0].Shape.Rank != 0)
            throw new ShapeException($"{who}: the targets of the data set are {string.Join(", ", data.Targets)}; " +
                "expected one label a sample.");
        int longest = Math.Max(1, data.Inputs.Concat(data.Targets.Select(target => target.Shape)).Max(shape => shape.ElementCount));
        int chunk = Math.Clamp(MaxChunkValues / longest, 1, Math.Min(MaxChunk, data.Count));
        var batch = new Batch(data, chunk);
        int[] order = ImageDataset.Order(data.Count);
        var labels = new int[data.Count];
        for (int done = 0; done < labels.Length; done += chunk)
        {
            int count = Math.Min(chunk, labels.Length - done);
            batch.FillTargets(data, order.AsSpan(done, count));
            batch.Labels().CopyTo(labels.AsSpan(done));
        }

        return labels;
    }

    /// <summary>How many samples every class has; those of no class are not counted.</summary>
    /// <exception cref="ShapeException">A class has none.</exception>
    public static int[] Count(string who, IDataset data, ReadOnlySpan<int> labels)
    {
        var counts = new int[data.Targets[0].Classes];
        foreach (int label in labels)
        {
            if ((uint)label < (uint)counts.Length)
                counts[label]++;
        }

        int empty = Array.IndexOf(counts, 0);
        if (empty >= 0)
        {
            string name = data.ClassNames is { } names && names.Count == counts.Length ? $" {Excerpt.Of(names[empty])}" : "";
            throw new ShapeException($"{who}: the class {empty}{name} has no samples; expected at least 1 of each class.");
        }

        return counts;
    }
}
