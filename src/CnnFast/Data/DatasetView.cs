using System.Buffers;

namespace CnnFast.Data;

/// <summary>Some of the samples of a data set in an order of their own, with weights or names of their own where there are any.</summary>
internal class DatasetView(IDataset source, int[]? positions, float[]? weights, IReadOnlyList<string>? classNames) : IDataset
{
    public int Count => positions?.Length ?? source.Count;

    public IReadOnlyList<Shape> Inputs => source.Inputs;

    public IReadOnlyList<TargetInfo> Targets => source.Targets;

    public bool HasSampleWeights => weights is not null || source.HasSampleWeights;

    public IReadOnlyList<string>? ClassNames => classNames ?? source.ClassNames;

    public void Fill(ReadOnlySpan<int> indices, int epoch, BatchBuffers batch) => Fill(null, indices, epoch, batch);

    /// <summary>Where a sample stands in the data set below.</summary>
    protected int Position(int index) => positions is null ? index : positions[index];

    /// <summary>Fills what the data set below has besides images.</summary>
    protected void FillTargets(IImageDataset images, ReadOnlySpan<int> indices, BatchBuffers batch) =>
        Fill(images, indices, 0, batch);

    // Of images it may be the targets alone. A data set below that has weights writes them first; the view's own replace them.
    private void Fill(IImageDataset? targets, ReadOnlySpan<int> indices, int epoch, BatchBuffers batch)
    {
        int[] mapped = ArrayPool<int>.Shared.Rent(indices.Length);
        for (int i = 0; i < indices.Length; i++)
            mapped[i] = Position(indices[i]);
        if (targets is null)
            source.Fill(mapped.AsSpan(0, indices.Length), epoch, batch);
        else
            targets.FillTargets(mapped.AsSpan(0, indices.Length), batch);
        ArrayPool<int>.Shared.Return(mapped);
        for (int i = 0; weights is not null && i < indices.Length; i++)
            batch.SampleWeights[i] = weights[indices[i]];
    }
}
