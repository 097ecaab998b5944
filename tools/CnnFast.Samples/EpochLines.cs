using CnnFast.Training;

namespace CnnFast.Samples;

/// <summary>Prints the figures of each epoch in a line.</summary>
internal sealed class EpochLines(TextWriter output) : TrainingCallback
{
    public override void OnEpoch(EpochResult result)
    {
        IEnumerable<string> figures = EpochFigures.Of(result)
            .Where(figure => figure.Key != "samples_per_second")
            .Select(figure => $"{figure.Key} {figure.Value:0.000}");
        output.WriteLine($"epoch {result.Epoch,2}: {string.Join(", ", figures)}");
    }
}
