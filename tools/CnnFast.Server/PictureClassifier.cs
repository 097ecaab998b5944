using CnnFast.DigitPictures;

namespace CnnFast.Server;

/// <summary>
/// From the bytes of a picture file to probabilities. Thread-safe: as many pictures at once as there are processors, the others wait.
/// </summary>
internal sealed class PictureClassifier : IDisposable
{
    private readonly Model _model;
    private readonly InferenceSession _session;
    private readonly int _maxPixels;
    private readonly SemaphoreSlim _turns = new(Environment.ProcessorCount);

    public PictureClassifier(Model model, InferenceSession session, ServerOptions options)
    {
        if (!DigitClassifier.Fits(model))
            throw new DataFormatException($"'{options.Model}' maps {model.InputShape} to {model.OutputShape}; " +
                "expected a classifier of pictures with one channel, [H, W, 1] to [classes].");
        (_model, _session, _maxPixels) = (model, session, options.MaxPixels);
    }

    /// <summary>The probability of each class.</summary>
    /// <exception cref="DataFormatException">The bytes are no picture, a damaged or a blank one, or one with too many pixels.</exception>
    public async Task<float[]> ClassifyAsync(byte[] file, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            byte[] digit = DigitImage.Prepare(ImageDecoder.Decode(file, "the picture", _maxPixels), _model.InputShape[0],
                _model.InputShape[1])
                ?? throw new DataFormatException(
                    "The picture is blank: nothing stands out from its background; expected a picture of one digit.");
            var probabilities = new float[_model.OutputShape[0]];
            _session.RunBytes(digit, probabilities, cancellationToken);
            DigitClassifier.ToProbabilities(_model, probabilities);
            return probabilities;
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();
}
