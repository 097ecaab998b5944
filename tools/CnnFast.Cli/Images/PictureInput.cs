using CnnFast.DigitPictures;
using CnnFast.Images;

namespace CnnFast.Cli;

/// <summary>A picture file as the bytes of a model's input.</summary>
internal static class PictureInput
{
    private const string Input = "standard input";

    /// <summary>Reads a picture; of a model of digits, which is for grey pictures and names no classes, one digit is looked for.</summary>
    /// <param name="host">What <c>-</c> reads.</param>
    /// <param name="model">The model.</param>
    /// <param name="image">The file, or <c>-</c>.</param>
    /// <param name="options">The size that the model takes.</param>
    /// <exception cref="InputException">There is no such file, or it shows no digit.</exception>
    public static byte[] Read(CommandHost host, Model model, string image, PictureOptions options)
    {
        byte[]? given = image == StandardFiles.Dash ? StandardFiles.ReadBytes(host) : null;
        if (!DigitClassifier.Fits(model) || model.ClassNames is not null)
            return given is null ? PictureReader.Read(image, options) : PictureReader.Read(given, Input, options);
        return DigitImage.Prepare(given is null ? ImageFile.Read(image) : ImageFile.Read(given, Input), options.Height, options.Width)
            ?? throw new InputException($"'{image}' is blank: nothing stands out from its background; expected a picture of one digit.");
    }
}
