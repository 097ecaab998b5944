using CnnFast.Images;

namespace CnnFast.Cli;

/// <summary>What <c>cnnfast visualize</c> was asked for.</summary>
/// <param name="Model">The model as given.</param>
/// <param name="Image">The picture as given.</param>
/// <param name="Out">The file to write as given.</param>
internal sealed record VisualizeRequest(string Model, string Image, string Out)
{
    public string? Layers { get; init; }

    public bool Gradients { get; init; }

    public bool Filters { get; init; }

    public bool Saliency { get; init; }

    public bool Cam { get; init; }

    public string? Label { get; init; }

    public string? Class { get; init; }

    public int Channels { get; init; }

    public int Size { get; init; }

    public PictureFit Fit { get; init; }

    public string[] Shapes { get; init; } = [];

    public int Threads { get; init; }

    public bool Json { get; init; }

    public bool NeedsGradients => Gradients || Saliency || Cam;
}
