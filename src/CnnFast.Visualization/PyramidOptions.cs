namespace CnnFast.Visualization;

/// <summary>What a picture of activations shows beside them. Immutable.</summary>
public sealed record PyramidOptions
{
    /// <summary>The least width of a picture.</summary>
    public const int MinWidth = 320;

    /// <summary>The largest width of a picture.</summary>
    public const int MaxWidth = 8192;

    /// <summary>Columns of the picture, <see cref="MinWidth"/> to <see cref="MaxWidth"/>; 1,000 by default.</summary>
    public int Width { get; init; } = 1000;

    /// <summary>
    /// The most channels of a layer, those with the largest mean absolute activation; at least 1, 64 by default. The picture says it.
    /// </summary>
    public int Channels { get; init; } = 64;

    /// <summary>The right class, where it is known: green in the bar, and a wrong guess is red.</summary>
    public int? Label { get; init; }

    /// <summary>The gradients, which come below each layer; also what <see cref="Saliency"/> and <see cref="Cam"/> need. Null, the
    /// default, for none.</summary>
    public Gradients? Gradients { get; init; }

    /// <summary>Whether the gradients of the layers are shown; true by default where there are <see cref="Gradients"/>.</summary>
    public bool LayerGradients { get; init; } = true;

    /// <summary>Whether the filters of convolutions are shown.</summary>
    public bool Filters { get; init; }

    /// <summary>Whether <see cref="Gradients.Saliency"/> is shown beside the input.</summary>
    public bool Saliency { get; init; }

    /// <summary>Whether <see cref="Gradients.GradCam"/> is laid over the input.</summary>
    public bool Cam { get; init; }

    /// <summary>The class of saliency and Grad-CAM; null, the default, for the likeliest one.</summary>
    public int? ClassIndex { get; init; }

    /// <summary>The title; null, the default, for the model's name.</summary>
    public string? Title { get; init; }
}
