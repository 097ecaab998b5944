using CnnFast.Training;

namespace CnnFast.Cli;

/// <summary>One learning-rate range test, as asked for.</summary>
/// <param name="Model">A preset's name, or a file.</param>
/// <param name="Data">The data set.</param>
/// <param name="Size">Height and width of pictures; null for the usual ones, or those of a model file.</param>
/// <param name="Classes">How many classes IDX files have; null for what the model or the usual says.</param>
/// <param name="Optimizer">The optimizer's name; null for the model's recipe.</param>
/// <param name="BatchSize">Images of a step; null for the model's recipe.</param>
/// <param name="Options">The rest of the test.</param>
/// <param name="Out">The picture.</param>
internal sealed record LrFindRequest(
    string Model,
    string Data,
    (int H, int W)? Size,
    int? Classes,
    string? Optimizer,
    int? BatchSize,
    LearningRateFinderOptions Options,
    string Out);
