namespace CnnFast.Training;

/// <summary>
/// Random changes of training images, drawn anew for every image in every epoch: the image is turned and scaled about its centre, then
/// moved. Values between pixels are interpolated linearly; what comes in from outside is byte 0. Immutable.
/// </summary>
public sealed record ImageAugmentation
{
    /// <summary>The most pixels that an image moves along each axis, fractions included: finite, at least 0.</summary>
    public float MaxShift { get; init; }

    /// <summary>The most degrees that an image turns either way: from 0 to 180.</summary>
    public float MaxRotation { get; init; }

    /// <summary>The most that an image grows or shrinks, as a part of its size: at least 0, below 1.</summary>
    public float MaxScale { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    internal void Validate()
    {
        Require(MaxShift >= 0 && float.IsFinite(MaxShift), nameof(MaxShift), MaxShift, "a finite number of at least 0");
        Require(MaxRotation is >= 0 and <= 180, nameof(MaxRotation), MaxRotation, "0 to 180 degrees");
        Require(MaxScale is >= 0 and < 1, nameof(MaxScale), MaxScale, "at least 0 and below 1");
    }

    private static void Require(bool holds, string option, float value, string expected)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(option,
                FormattableString.Invariant($"ImageAugmentation: {option} is {value}; expected {expected}."));
    }
}
