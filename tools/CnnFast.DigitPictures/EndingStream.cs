namespace CnnFast.DigitPictures;

/// <summary>
/// The bytes of a picture for the decoder, which takes the end of a stream for zeros without end and looks for markers in them forever: a
/// reader that goes on past the end is stopped.
/// </summary>
/// <param name="file">The bytes.</param>
internal sealed class EndingStream(byte[] file) : MemoryStream(file, writable: false)
{
    // A whole picture is read past its end a few times, where the decoder fills its buffer.
    private const int MaxReadsPastEnd = 1000;
    private int _past;

    public override int ReadByte()
    {
        int value = base.ReadByte();
        if (value < 0)
            CountPastEnd();
        return value;
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        int read = base.Read(buffer, offset, count);
        if (read == 0 && count > 0)
            CountPastEnd();
        return read;
    }

    private void CountPastEnd()
    {
        if (++_past > MaxReadsPastEnd)
            throw new EndOfStreamException();
    }
}
