namespace CnnFast;

/// <summary>A unit of parallel work on spans: a struct whose parts can run in any order on any thread.</summary>
internal interface ISpanAction
{
    /// <summary>Runs one part.</summary>
    /// <param name="part">The part, from 0 to the count − 1.</param>
    /// <param name="spans">The memory, and scratch memory that no other part has meanwhile.</param>
    void Invoke(int part, in WorkSpans spans);
}
