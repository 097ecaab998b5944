namespace CnnFast.Data;

/// <summary>Changes images by a list of changes now and then, all of them or none. Immutable.</summary>
public sealed class RandomApply : IImageTransform
{
    private readonly IImageTransform[] _transforms;

    /// <summary>Lists the changes.</summary>
    /// <param name="probability">How often, from 0 to 1.</param>
    /// <param name="transforms">The changes in their order.</param>
    /// <exception cref="ArgumentException">One is null.</exception>
    public RandomApply(float probability, params IEnumerable<IImageTransform> transforms)
    {
        ArgumentNullException.ThrowIfNull(transforms);
        Probability = probability;
        _transforms = [.. transforms];
        if (_transforms.Any(transform => transform is null))
            throw new ArgumentException("RandomApply: a transform is null; expected none that is.", nameof(transforms));
    }

    /// <summary>How often, from 0 to 1.</summary>
    public float Probability { get; }

    /// <summary>The changes in their order.</summary>
    public IReadOnlyList<IImageTransform> Transforms => _transforms;

    /// <inheritdoc/>
    public void RequireFit(Shape image)
    {
        OptionRange.RequireProbability(nameof(RandomApply), Probability);
        foreach (IImageTransform transform in _transforms)
            transform.RequireFit(image);
    }

    /// <inheritdoc/>
    public void Apply(ref ImageSample image)
    {
        if (!image.Chance(Probability))
            return;
        foreach (IImageTransform transform in _transforms)
            transform.Apply(ref image);
    }
}
