using CnnFast.Operators;

namespace CnnFast.Data;

/// <summary>
/// Shears, turns and scales images about their centre, then moves them, each by an amount drawn evenly up to a limit either way. Values
/// between pixels are interpolated linearly. Immutable.
/// </summary>
public sealed record RandomAffine : IImageTransform
{
    /// <summary>The most pixels that an image moves along each axis, fractions included: finite, at least 0.</summary>
    public float MaxShift { get; init; }

    /// <summary>The most degrees that an image turns either way: from 0 to 180.</summary>
    public float MaxRotation { get; init; }

    /// <summary>The most that an image grows or shrinks, as a part of its size: at least 0, below 1.</summary>
    public float MaxScale { get; init; }

    /// <summary>The most degrees by which columns lean either way: at least 0, at most 60.</summary>
    public float MaxShear { get; init; }

    /// <summary>What comes in from outside.</summary>
    public ImageFill Fill { get; init; }

    /// <inheritdoc/>
    public void RequireFit(Shape image)
    {
        Require(MaxShift >= 0 && float.IsFinite(MaxShift), nameof(MaxShift), MaxShift, "a finite number of at least 0");
        Require(MaxRotation is >= 0 and <= 180, nameof(MaxRotation), MaxRotation, "0 to 180 degrees");
        Require(MaxScale is >= 0 and < 1, nameof(MaxScale), MaxScale, "at least 0 and below 1");
        Require(MaxShear is >= 0 and <= 60, nameof(MaxShear), MaxShear, "0 to 60 degrees");
    }

    /// <inheritdoc/>
    public void Apply(ref ImageSample image)
    {
        double down = image.Draw(MaxShift);
        double right = image.Draw(MaxShift);
        double turns = image.Draw(MaxRotation) / 360;
        double scale = 1 + image.Draw(MaxScale);
        double lean = image.Draw(MaxShear) / 360;
        double cos = Cos(turns) / scale;
        double sin = Cos(turns - 0.25) / scale;
        double shear = Cos(lean - 0.25) / Cos(lean);
        double centerRow = (image.Shape[0] - 1) / 2.0;
        double centerColumn = (image.Shape[1] - 1) / 2.0;

        // From the output's place back to the source's: about the centre, turned and scaled, then leant.
        double fromRow = -centerRow - down;
        double fromColumn = -centerColumn - right;
        var turned = new AffineMap(cos, sin, (cos * fromRow) + (sin * fromColumn), -sin, cos, (-sin * fromRow) + (cos * fromColumn));
        image.Move(new AffineMap(1, 0, centerRow, shear, 1, centerColumn).Then(turned), Fill);
    }

    private static double Cos(double turns) => StableMath.CosTurns(Math.Abs(turns));

    private static void Require(bool holds, string option, float value, string expected) =>
        OptionRange.Require(holds, nameof(RandomAffine), option, value, expected);
}
