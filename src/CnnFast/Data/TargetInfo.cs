namespace CnnFast.Data;

/// <summary>What the targets of one sample are: class indices (labels), or numbers of some shape. Immutable.</summary>
public readonly record struct TargetInfo
{
    private TargetInfo(Shape shape, int classes)
    {
        Shape = shape;
        Classes = classes;
    }

    /// <summary>The shape of one sample's targets; that of a scalar for one label a sample.</summary>
    public Shape Shape { get; }

    /// <summary>Where they are labels, the number of classes; else 0.</summary>
    public int Classes { get; }

    /// <summary>Whether they are labels.</summary>
    public bool IsLabels => Classes > 0;

    /// <summary>One label a sample.</summary>
    /// <param name="classes">The number of classes, at least 1; labels run from 0 to this minus 1.</param>
    /// <returns>The description.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classes"/> is below 1.</exception>
    public static TargetInfo Labels(int classes) => Labels(default, classes);

    /// <summary>Labels of some shape, such as one a pixel.</summary>
    /// <param name="shape">The shape of one sample's labels.</param>
    /// <param name="classes">The number of classes, at least 1; labels run from 0 to this minus 1.</param>
    /// <returns>The description.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classes"/> is below 1.</exception>
    public static TargetInfo Labels(Shape shape, int classes) => classes >= 1
        ? new TargetInfo(shape, classes)
        : throw new ArgumentOutOfRangeException(
            nameof(classes), classes, $"TargetInfo: the number of classes is {classes}; expected at least 1.");

    /// <summary>Numbers.</summary>
    /// <param name="shape">The shape of one sample's numbers.</param>
    /// <returns>The description.</returns>
    public static TargetInfo Values(Shape shape) => new(shape, 0);

    /// <summary>In words, such as <c>labels of 10 classes</c> or <c>values [3]</c>.</summary>
    /// <returns>The words.</returns>
    public override string ToString() =>
        !IsLabels ? $"values {Shape}" : Shape.Rank == 0 ? $"labels of {Classes} classes" : $"labels {Shape} of {Classes} classes";
}
