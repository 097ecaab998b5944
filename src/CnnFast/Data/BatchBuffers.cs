namespace CnnFast.Data;

/// <summary>The memory of a batch that a data set writes to (<see cref="IDataset.Fill"/>).</summary>
public readonly ref struct BatchBuffers
{
    private readonly Batch _batch;
    private readonly int _firstInput;
    private readonly int _firstTarget;

    internal BatchBuffers(Batch batch, int firstInput = 0, int firstTarget = 0)
    {
        _batch = batch;
        _firstInput = firstInput;
        _firstTarget = firstTarget;
    }

    /// <summary>
    /// How much each sample counts, <c>[samples]</c>, to be overwritten with finite numbers of at least 0; empty unless
    /// <see cref="IDataset.HasSampleWeights"/>.
    /// </summary>
    public Span<float> SampleWeights => _batch.WriteSampleWeights();

    /// <summary>The values of an input.</summary>
    /// <param name="index">Which of <see cref="IDataset.Inputs"/>.</param>
    /// <returns><c>[samples, …]</c> in the shape of the input, to be overwritten.</returns>
    public Span<float> Input(int index = 0) => _batch.WriteInput(_firstInput + index);

    /// <summary>Targets that are labels.</summary>
    /// <param name="index">Which of <see cref="IDataset.Targets"/>.</param>
    /// <returns><c>[samples, …]</c> in the shape of the target, to be overwritten; empty where the target is no labels.</returns>
    public Span<int> Labels(int index = 0) => _batch.WriteLabels(_firstTarget + index);

    /// <summary>Targets that are numbers.</summary>
    /// <param name="index">Which of <see cref="IDataset.Targets"/>.</param>
    /// <returns><c>[samples, …]</c> in the shape of the target, to be overwritten; empty where the target is labels.</returns>
    public Span<float> Values(int index = 0) => _batch.WriteValues(_firstTarget + index);

    /// <summary>The inputs and targets from some on.</summary>
    internal BatchBuffers From(int input, int target) => new(_batch, _firstInput + input, _firstTarget + target);
}
