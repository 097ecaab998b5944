using CnnFast.Training;

namespace CnnFast.Tests.Training;

/// <summary>What callbacks are told, with figures of no training.</summary>
internal static class Callbacks
{
    public static FitStart Start(int firstEpoch = 0, long firstStep = 0) => new(4, 2, firstEpoch, firstStep, ["validation"]);

    public static FitProgress Batch(int epoch, int batch) => new(epoch, 4, batch, 2, 3.5, 0.5, 0.001f, 100, null)
    {
        Step = ((epoch - 1) * 2) + batch,
        BatchLoss = 2.5,
    };

    public static EpochResult Epoch(int epoch) => new(epoch, 1.5, 0.25, new EvaluationResult(0.75, 0.5, 10), 2.5, 100);
}
