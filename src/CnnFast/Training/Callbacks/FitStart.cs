namespace CnnFast.Training;

/// <summary>What a training is about to do.</summary>
/// <param name="Epochs">The epochs of this training.</param>
/// <param name="BatchesPerEpoch">Batches of an epoch.</param>
/// <param name="FirstEpoch">The epoch that it starts in, from 0: above 0 where it goes on with an earlier training.</param>
/// <param name="FirstStep">The steps (batches) that were done before: above 0 where it goes on with an earlier training.</param>
/// <param name="Validations">The names of the data sets that are measured after every epoch, the main one first.</param>
public sealed record FitStart(int Epochs, int BatchesPerEpoch, int FirstEpoch, long FirstStep, IReadOnlyList<string> Validations)
{
    /// <summary>The epochs that a training that is resumed has behind it; none where it begins.</summary>
    public IReadOnlyList<EpochResult> EarlierEpochs { get; init; } = [];
}
