namespace CnnFast.Operators;

/// <summary>Where the pixels of an output lie: as far apart as they are long, or further, as they do side by side with others in a concatenation.</summary>
internal static class OutputPitch
{
    /// <summary>Floats from a pixel of a convolution's output to the next.</summary>
    /// <param name="g">The convolution.</param>
    /// <param name="pitch">What the caller asked for; 0 means that pixels follow one another.</param>
    public static int Of(Conv2DGeometry g, int pitch) => pitch == 0 ? g.OC : pitch;
}
