namespace CnnFast.Data;

/// <summary>The memory of a batch that a data set writes to (<see cref="IDataset.Fill"/>).</summary>
public readonly ref struct BatchBuffers
{
    private readonly Batch _batch;

    internal BatchBuffers(Batch batch) => _batch = batch;

    /// <summary>
    /// How much each sample counts, <c>[samples]</c>, to be overwritten with finite numbers of at least 0; empty unless
    /// <see cref="IDataset.HasSampleWeights"/>.
    /// </summary>
    public Span<float> SampleWeights => _batch.WriteSampleWeights();

    /// <summary>The values of an input.</summary>
    /// <param name="index">Which of <see cref="IDataset.Inputs"/>.</param>
    /// <returns><c>[samples, …]</c> in the shape of the input, to be overwritten.</returns>
    public Span<float> Input(int index = 0) => _batch.WriteInput(index);

    /// <summary>Targets that are labels.</summary>
    /// <param name="index">Which of <see cref="IDataset.Targets"/>.</param>
    /// <returns><c>[samples, …]</c> in the shape of the target, to be overwritten; empty where the target is no labels.</returns>
    public Span<int> Labels(int index = 0) => _batch.WriteLabels(index);

    /// <summary>Targets that are numbers.</summary>
    /// <param name="index">Which of <see cref="IDataset.Targets"/>.</param>
    /// <returns><c>[samples, …]</c> in the shape of the target, to be overwritten; empty where the target is labels.</returns>
    public Span<float> Values(int index = 0) => _batch.WriteValues(index);
}
